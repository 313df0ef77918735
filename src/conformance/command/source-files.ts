import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const SOURCES = ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.json'];
/** A folder that holds more is looked at so far, the nearest files first. */
const MAX_ENTRIES = 5_000;

/** Which files there are, and a mark of each that changes whenever it is written or replaced. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * Looks at the source files of folders, and of the folders in them, but not into `node_modules` and what begins with a dot.
 * Files are looked up by name, since one that is replaced by another (as editors do it) is lost to who follows the first.
 */
export async function sourceFiles(folders: readonly string[]): Promise<SourceFiles> {
  const marks = new Map<string, string>();
  const queue = [...folders];
  let seen = 0;
  for (const folder of queue)
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      if (++seen > MAX_ENTRIES) return marks;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) queue.push(path);
      else if (SOURCES.includes(extname(path))) {
        const found = await stat(path).catch(() => undefined);
        if (found) marks.set(path, `${found.mtimeMs} ${found.size} ${found.ino}`);
      }
    }
  return marks;
}

/** The files that are new, gone, or not as they were. */
export function changedFiles(before: SourceFiles, now: SourceFiles): readonly string[] {
  return [...new Set([...now.keys(), ...before.keys()])].filter((file) => before.get(file) !== now.get(file));
}
