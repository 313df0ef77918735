/** What is on disk can't be used: damaged, foreign, out of reach, or in use by another server. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}
