import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError } from './journal-error.ts';

const LOCK = /^lock\.([1-9]\d*)$/;

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
    const path = lock(folder);
    lockedFolders.add(realPath);
    return () => {
      rmSync(path, { force: true });
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
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Each process has a lock file of its own name, and looks for others only after it has created it: of two servers, at
 * most one gets the folder.
 *
 * @returns the path of the lock
 */
function lock(folder: string): string {
  const own = join(folder, `lock.${process.pid}`);
  writeFileSync(own, '');
  for (const name of readdirSync(folder)) {
    const owner = Number(LOCK.exec(name)?.[1] ?? process.pid);
    if (owner === process.pid) continue;
    const path = join(folder, name);
    if (isAlive(owner)) {
      rmSync(own);
      throw new JournalError(
        `"${folder}" is in use by process ${owner}; stop it, or take another folder. If that is no simulated backend, remove ${path}.`,
      );
    }
    rmSync(path, { force: true });
  }
  return own;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
