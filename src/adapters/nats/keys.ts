/** Longest key, in bytes. With the prefix and the rest of a request it stays far below the 4,096 bytes that a server reads per line. */
const LONGEST_KEY = 1024;

/**
 * The key of a campaign in its bucket, and its token in a subject. NATS allows only `-`, `_`, `/`, `=`, `.`, ASCII letters and digits
 * in a key, and a dot separates tokens. So every character except letters, digits, `-` and `_` is written as its UTF-8 bytes, each as
 * `=` and two hexadecimal digits. {@link natsId} decodes it.
 *
 * @throws RangeError for an empty id, one that is not well-formed Unicode, and one whose key is longer than 1,024 bytes
 * @example
 * ```ts
 * natsKey('spring-sale'); // 'spring-sale'
 * natsKey('Größe 1.5'); // 'Gr=C3=B6=C3=9Fe=201=2E5'
 * ```
 */
export function natsKey(id: string): string {
  const key = keyOf(id);
  if (key !== undefined) return key;
  throw new RangeError(
    `an id of 1 to ${LONGEST_KEY} bytes of well-formed Unicode can be a NATS key, got ${JSON.stringify(id.slice(0, 60))}`,
  );
}

/**
 * Decodes a key that {@link natsKey} made.
 *
 * @returns `undefined` for a key that it would never make
 */
export function natsId(key: string): string | undefined {
  try {
    const id = decodeURIComponent(key.replaceAll('=', '%'));
    return keyOf(id) === key ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Like {@link natsKey}; `undefined` for an id that has none: no bucket can hold it. */
export function keyOf(id: string): string | undefined {
  if (!id || !id.isWellFormed()) return undefined;
  const key = encodeURIComponent(id)
    .replace(/[.!~*'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '=');
  return key.length <= LONGEST_KEY ? key : undefined;
}
