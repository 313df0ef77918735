import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError } from './journal-error.ts';

const LOCK = 'lock';

/**
 * The folders that this process has locked. The lock file is not enough: in a container, an earlier process may have
 * had the same id.
 */
const lockedFolders = new Set<string>();

/**
 * Creates the folder if needed, and locks it, because two servers would damage its data. A lock of an ended process is
 * taken over.
 *
 * @returns a function that releases the lock
 * @throws {@link JournalError} if it can't be created or written to, or is in use
 */
export function lockFolder(folder: string): () => void {
  try {
    makeFolder(folder);
    const realPath = realpathSync(folder);
    if (lockedFolders.has(realPath))
      throw new JournalError(`"${folder}" is in use by this very process; take another folder.`);
    lock(folder);
    lockedFolders.add(realPath);
    return () => {
      rmSync(join(folder, LOCK), { force: true });
      lockedFolders.delete(realPath);
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new JournalError(`"${folder}" can't be used (${code}); take a folder that can be written to.`);
  }
}

/**
 * Creates the folder and its parents. Not with `recursive`, which never returns where no folder can be created, as
 * below /proc.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  attempt(() => mkdirSync(folder), 'EEXIST');
}

/**
 * Creates the lock by an atomic link, and removes an old one by an atomic rename, so that of two servers exactly one
 * succeeds.
 */
function lock(folder: string): void {
  const path = join(folder, LOCK);
  const own = `${path}.${process.pid}`;
  const aside = `${own}.aside`;
  writeFileSync(own, String(process.pid));
  try {
    while (!attempt(() => linkSync(own, path), 'EEXIST')) {
      refuseIfHeld(folder, path);
      if (!attempt(() => renameSync(path, aside), 'ENOENT')) continue;
      try {
        // The moved file may be the lock of another server that was faster.
        refuseIfHeld(folder, aside);
      } catch (error) {
        attempt(() => linkSync(aside, path), 'EEXIST');
        throw error;
      }
    }
  } finally {
    rmSync(own, { force: true });
    rmSync(aside, { force: true });
  }
}

/** @throws {@link JournalError} if the lock belongs to another running process */
function refuseIfHeld(folder: string, lockPath: string): void {
  let owner = NaN;
  attempt(() => (owner = Number(readFileSync(lockPath, 'utf8'))), 'ENOENT');
  if (owner === process.pid || !isAlive(owner)) return;
  throw new JournalError(
    `"${folder}" is in use by process ${owner}; stop it, or take another folder. If that is no simulated backend, remove ${lockPath}.`,
  );
}

/** Runs `work`. Returns false if it throws the expected error. */
function attempt(work: () => void, expected: string): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== expected) throw error;
    return false;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
