/** A name may hold what a file system, or another system's, does not allow. */
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/** Saves a text as a file of the user's. @param name the file's name; characters that a file system may refuse are replaced */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replace(UNSAFE, '-');
  link.click();
  // The browser reads the address after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
