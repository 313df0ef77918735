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

/** What this process holds. The lock alone can't tell: in a container, the process before had the same id as this one. */
const lockedFolders = new Set<string>();

/**
 * Makes a folder where there is none, and takes it for this server alone: two on one folder would garble it. A lock whose process
 * is gone, as after a kill, is taken over.
 *
 * @returns how to let go of it
 * @throws {@link JournalError} if it can't be made or written to, or is in use
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

/** With the folders around it. Not by `recursive`: where no folder can be made, as below /proc, that never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  attempt(() => mkdirSync(folder), 'EEXIST');
}

/** A lock appears whole, by a link, and goes by being moved aside: whoever comes second finds out, at whatever moment it comes. */
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
        // What was moved may be the lock of somebody who was quicker.
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

/** @throws {@link JournalError} if the process that a lock names is another one, and alive */
function refuseIfHeld(folder: string, lockPath: string): void {
  let owner = NaN;
  attempt(() => (owner = Number(readFileSync(lockPath, 'utf8'))), 'ENOENT');
  if (owner === process.pid || !isAlive(owner)) return;
  throw new JournalError(
    `"${folder}" is in use by process ${owner}; stop it, or take another folder. If that is no simulated backend, remove ${lockPath}.`,
  );
}

/** Does it, or tells that this one error was in the way. */
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
