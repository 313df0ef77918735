/** The media type of a response without parameters, in lower case; empty if it names none. */
export function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
}

/** True for JSON, and for types that are written in it, such as `application/problem+json`. */
export function isJson(response: Response): boolean {
  return /[/+]json$/.test(mediaType(response));
}
