/** The page or worker, if there is one. TypeScript's own types declare both as present. */
const around = globalThis as {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
};

/** What relative addresses are resolved against; `undefined` where there is no page, as in Node. */
export function baseOfPage(): string | undefined {
  return around.document?.baseURI ?? around.location?.href;
}
