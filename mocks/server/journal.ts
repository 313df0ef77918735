import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { replay, type SavedState, type Write } from '../database.ts';
import { lockFolder } from './data-folder.ts';
import { JournalError } from './journal-error.ts';

/** A longer journal is compacted into the state file. */
const COMPACT_AT_BYTES = 4 * 1024 * 1024;
const LINE_BREAK = 0x0a;
const STATE = /^state\.(\d+)\.json$/;
const OWN_FILES = /^(state|journal)\.\d+\.jsonl?(\.new)?$/;

/**
 * Stores a simulated backend in a folder: a state file, and a journal with one line per transaction since then. A line
 * is on disk before {@link append} returns. State and journal have the same number, so a crash during compaction leaves
 * either the old pair or the new one.
 */
export class Journal {
  /** The state in the folder when it was opened. */
  readonly saved: SavedState | undefined;
  readonly #folder: string;
  readonly #release: () => void;
  #number: number;
  #file: number;
  #bytes = 0;

  /** @throws {@link JournalError} if the folder can't be created or written to, is in use, or is damaged */
  constructor(folder: string) {
    this.#folder = folder;
    this.#release = lockFolder(folder);
    try {
      const { saved, number, journalBytes } = readFolder(folder);
      this.saved = saved;
      this.#number = number;
      this.#file = openSync(journalPath(folder, number), 'a');
      // A torn last line was never confirmed. It is cut off, so that the next entry starts on a new line.
      ftruncateSync(this.#file, journalBytes);
      this.#bytes = journalBytes;
      // Files that a crash during compaction left behind.
      for (const name of readdirSync(folder))
        if (OWN_FILES.test(name) && !name.endsWith(`.${number}.json`) && !name.endsWith(`.${number}.jsonl`))
          rmSync(join(folder, name));
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
    const line = Buffer.from(`${JSON.stringify(writes)}\n`);
    try {
      writeAll(this.#file, line);
      fsyncSync(this.#file);
    } catch (error) {
      // A full disk may have stored half of it, which must not be read on a restart.
      ftruncateSync(this.#file, this.#bytes);
      throw this.#unwritable(error);
    }
    this.#bytes += line.length;
  }

  /** Whether the journal is long enough to {@link compact}. */
  get needsCompaction(): boolean {
    return this.#bytes > COMPACT_AT_BYTES;
  }

  /**
   * Replaces state and journal by this state.
   *
   * @throws {@link JournalError} if writing fails; then the old files stay
   */
  compact(saved: SavedState): void {
    try {
      this.#replace(saved);
    } catch (error) {
      throw this.#unwritable(error);
    }
  }

  close(): void {
    closeSync(this.#file);
    this.#release();
  }

  #replace(saved: SavedState): void {
    const number = this.#number + 1;
    const path = join(this.#folder, `state.${number}.json`);
    const file = openSync(`${path}.new`, 'w');
    writeAll(file, Buffer.from(JSON.stringify(saved)));
    fsyncSync(file);
    closeSync(file);
    const journal = openSync(journalPath(this.#folder, number), 'a');
    ftruncateSync(journal, 0);
    renameSync(`${path}.new`, path);
    syncFolder(this.#folder);
    closeSync(this.#file);
    rmSync(join(this.#folder, `state.${this.#number}.json`), { force: true });
    rmSync(journalPath(this.#folder, this.#number), { force: true });
    this.#file = journal;
    this.#number = number;
    this.#bytes = 0;
  }

  #unwritable(cause: unknown): JournalError {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    return new JournalError(
      `"${this.#folder}" can't be written to (${code}); make room for it, or take another folder.`,
      {
        cause,
      },
    );
  }
}

/**
 * Reads a state to restore: from a state file, or from a data folder or a copy of one.
 *
 * @throws {@link JournalError} if there is none, or it is damaged
 */
export function readSaved(path: string): SavedState {
  if (!existsSync(path)) throw new JournalError(`${path} does not exist.`);
  if (!statSync(path).isDirectory()) return parseState(path);
  const { saved } = readFolder(path);
  if (!saved) throw new JournalError(`${path} holds no state of a simulated backend.`);
  return saved;
}

function readFolder(folder: string): { saved: SavedState | undefined; number: number; journalBytes: number } {
  const numbers = readdirSync(folder).flatMap((name) => STATE.exec(name)?.[1] ?? []);
  const number = Math.max(0, ...numbers.map(Number));
  const state = number > 0 ? parseState(join(folder, `state.${number}.json`)) : undefined;
  const journal = journalPath(folder, number);
  const { transactions, bytes } = existsSync(journal) ? readJournal(journal) : { transactions: [], bytes: 0 };
  const saved = state || transactions.length ? replay(state, transactions) : undefined;
  return { saved, number, journalBytes: bytes };
}

/** All complete lines, and their length in bytes. Data after the last line break was torn by a crash. */
function readJournal(path: string): { transactions: Write[][]; bytes: number } {
  const content = readFileSync(path);
  const transactions: Write[][] = [];
  let bytes = 0;
  for (let end = content.indexOf(LINE_BREAK); end >= 0; end = content.indexOf(LINE_BREAK, bytes)) {
    try {
      transactions.push(JSON.parse(content.toString('utf8', bytes, end)) as Write[]);
    } catch {
      // A torn write may lose its middle and keep its end, so the last line may be damaged.
      if (end === content.lastIndexOf(LINE_BREAK)) break;
      throw new JournalError(
        `${path}: line ${transactions.length + 1} is damaged; restore a copy, or remove the folder to start without data.`,
      );
    }
    bytes = end + 1;
  }
  return { transactions, bytes };
}

function parseState(path: string): SavedState {
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as SavedState;
    if (state.format === 1 && Array.isArray(state.rows)) return state;
  } catch {
    // Reported below.
  }
  throw new JournalError(`${path} is no state of a simulated backend.`);
}

function journalPath(folder: string, number: number): string {
  return join(folder, `journal.${number}.jsonl`);
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
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
