/** 128 random bits in hexadecimal. `randomUUID` needs a secure context, so it is missing on a page on plain http. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
