import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { replay, type SavedState, type Write } from '../database.ts';
import { lockFolder } from './data-folder.ts';
import { JournalError } from './journal-error.ts';

/** A journal that has grown by this much is compacted. */
const COMPACT_AT_BYTES = 4 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/**
 * Stores a simulated backend in a folder, as one file with a line per transaction: a checksum and the writes as JSON. A
 * line is on disk before {@link append} returns. A compacted journal is written beside the file and renamed over it, so
 * a kill at any moment leaves the old one or the new one.
 */
export class Journal {
  /** The state in the folder when it was opened. */
  readonly saved: SavedState | undefined;
  readonly #folder: string;
  readonly #release: () => void;
  #file: number;
  #bytes: number;
  #compactedBytes = 0;

  /** @throws {@link JournalError} if the folder can't be created or written to, is in use, or is damaged */
  constructor(folder: string) {
    this.#folder = folder;
    this.#release = lockFolder(folder);
    try {
      const path = pathIn(folder);
      const { saved, bytes } = existsSync(path) ? readJournal(path) : { saved: undefined, bytes: 0 };
      this.saved = saved;
      this.#bytes = bytes;
      this.#file = openSync(path, 'a');
      // A torn last line was never confirmed. It is cut off, so that the next entry starts on a new line.
      ftruncateSync(this.#file, bytes);
      syncFolder(folder);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  /**
   * Appends a transaction; returns when it is on disk.
   *
   * @throws {@link JournalError} if writing fails; then nothing of it is kept
   */
  append(writes: readonly Write[]): void {
    const line = lineOf(writes);
    try {
      writeFileSync(this.#file, line);
      fsyncSync(this.#file);
    } catch (error) {
      // A full disk may have stored half of it, which must not be read on a restart.
      ftruncateSync(this.#file, this.#bytes);
      throw this.#unwritable(error);
    }
    this.#bytes += line.length;
  }

  /** Whether the journal has grown enough to {@link compact}. */
  get needsCompaction(): boolean {
    return this.#bytes - this.#compactedBytes > COMPACT_AT_BYTES;
  }

  /**
   * Replaces the journal by one with this state as its only transaction.
   *
   * @throws {@link JournalError} if writing fails; then the old journal stays
   */
  compact({ rows }: SavedState): void {
    const line = lineOf(rows);
    const path = pathIn(this.#folder);
    try {
      writeFileSync(`${path}.new`, line, { flush: true });
      const file = openSync(`${path}.new`, 'a');
      renameSync(`${path}.new`, path);
      closeSync(this.#file);
      this.#file = file;
      this.#bytes = this.#compactedBytes = line.length;
      syncFolder(this.#folder);
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  close(): void {
    closeSync(this.#file);
    this.#release();
  }

  #unwritable(cause: unknown): JournalError {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    return new JournalError(
      `"${this.#folder}" can't be written to (${code}); make room for it, or take another folder.`,
      { cause },
    );
  }
}

/**
 * Reads a state to restore: from a data folder, a copy of one, or the journal in it.
 *
 * @throws {@link JournalError} if there is none, or it is damaged
 */
export function readSaved(path: string): SavedState {
  if (!existsSync(path)) throw new JournalError(`${path} does not exist.`);
  const journal = statSync(path).isDirectory() ? pathIn(path) : path;
  const saved = existsSync(journal) ? readJournal(journal).saved : undefined;
  if (!saved) throw new JournalError(`${path} holds no state of a simulated backend.`);
  return saved;
}

/** The state after all complete lines, and their length in bytes. A damaged last line was torn by a crash. */
function readJournal(path: string): { saved: SavedState | undefined; bytes: number } {
  const content = readFileSync(path);
  const transactions: Write[][] = [];
  let bytes = 0;
  for (let end = content.indexOf(LINE_BREAK); end >= 0; end = content.indexOf(LINE_BREAK, bytes)) {
    const writes = parseLine(content.subarray(bytes, end));
    if (!writes) {
      if (end === content.lastIndexOf(LINE_BREAK)) break;
      throw new JournalError(
        `${path}: line ${transactions.length + 1} is damaged; restore a copy, or remove the file to start without data.`,
      );
    }
    transactions.push(writes);
    bytes = end + 1;
  }
  return { saved: transactions.length ? replay(transactions) : undefined, bytes };
}

function lineOf(writes: readonly Write[]): Buffer {
  const json = JSON.stringify(writes);
  return Buffer.from(`${crc32(json)} ${json}\n`);
}

/** `undefined` if the checksum is wrong. */
function parseLine(line: Buffer): Write[] | undefined {
  const space = line.indexOf(' ');
  const json = line.subarray(space + 1);
  return line.toString('latin1', 0, space) === String(crc32(json))
    ? (JSON.parse(json.toString()) as Write[])
    : undefined;
}

function pathIn(folder: string): string {
  return join(folder, 'journal.log');
}

/** A new file name is durable only after the folder is synced. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
