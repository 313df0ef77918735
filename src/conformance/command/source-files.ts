import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

const SOURCES = ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.json'];
/** In a larger folder only this many entries are checked, the nearest first. */
const MAX_ENTRIES = 5_000;

/** Source files by path, each with a mark that changes when the file is written or replaced. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * Lists the source files below folders, except in `node_modules` and in names that begin with a dot. It reads the folders each time,
 * because a watcher of one file loses it when an editor replaces it.
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

/** The files that were added, removed or changed. */
export function changedFiles(before: SourceFiles, now: SourceFiles): readonly string[] {
  return [...new Set([...now.keys(), ...before.keys()])].filter((file) => before.get(file) !== now.get(file));
}
