/** The data on disk can't be used: it is damaged, foreign, inaccessible, or in use by another server. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
