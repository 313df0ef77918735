import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileOf } from './load.ts';
import { UsageError, type CommandOptions } from './options.ts';

const POLL_MS = 300;
/** An editor writes a file in several steps. */
const SETTLE_MS = 150;
/** How long a run may take to clean up before it is killed. */
const END_MS = 6_000;
const SOURCES = ['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx', '.json'];
/** In a larger folder only this many entries are checked, the nearest first. */
const MAX_ENTRIES = 5_000;

/** Runs that were stopped for the next one. */
const stopped = new WeakSet<ChildProcess>();

/**
 * Runs the command again when a source file in the folder of its module changes. Each run is a process of its own, because Node
 * keeps loaded modules.
 *
 * @param args the command line
 * @returns when the signal aborts: 0
 * @throws UsageError if there is no file to watch
 */
export async function watch(args: readonly string[], options: CommandOptions, signal: AbortSignal): Promise<number> {
  const files = [options.target, options.control].flatMap((name) => (name === undefined ? [] : (fileOf(name) ?? [])));
  const folders = [...new Set(files.map((file) => dirname(file)))];
  if (!folders.length) throw new UsageError('--watch needs a file to watch: a module, or a backend control.');

  let before = await sourceFiles(folders);
  const changed = async (): Promise<readonly string[]> => {
    const now = await sourceFiles(folders);
    return [...new Set([...now.keys(), ...before.keys()])].filter((file) => before.get(file) !== now.get(file));
  };
  let run = start(args, folders);
  while (await waits(POLL_MS, signal)) {
    if (!(await changed()).length) continue;
    await waits(SETTLE_MS, signal);
    const [file, ...more] = await changed();
    if (file === undefined) continue;
    await stop(run);
    if (signal.aborted) break;
    before = await sourceFiles(folders);
    const name = relative(
      folders.find((folder) => file.startsWith(folder))!,
      file,
    );
    const others = more.length ? ` and ${more.length} more` : '';
    print(`\n— ${name}${others} changed, ${new Date().toTimeString().slice(0, 8)} —\n`);
    run = start(args, folders);
  }
  await stop(run);
  return 0;
}

function start(args: readonly string[], folders: readonly string[]): ChildProcess {
  const command = [...process.execArgv, process.argv[1]!, ...args.filter((arg) => arg !== '--watch')];
  const run = spawn(process.execPath, command, { stdio: 'inherit' });
  run.once('exit', () => {
    if (!stopped.has(run)) print(`\nwaiting for a change in ${folders.join(', ')}\n`);
  });
  return run;
}

/** Stops a run as Ctrl-C does, so that it cleans up. */
async function stop(run: ChildProcess): Promise<void> {
  if (run.exitCode !== null || run.signalCode !== null) return;
  stopped.add(run);
  const exited = once(run, 'exit');
  run.kill('SIGTERM');
  const late = setTimeout(() => run.kill('SIGKILL'), END_MS);
  await exited;
  clearTimeout(late);
}

/** @returns false once the signal has aborted */
async function waits(ms: number, signal: AbortSignal): Promise<boolean> {
  await pause(ms, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}

/**
 * Lists the source files below folders, each with a mark that changes when it is written or replaced, except in `node_modules` and in
 * names that begin with a dot. It reads the folders each time, because a watcher of one file loses it when an editor replaces it.
 */
async function sourceFiles(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  const queue = [...folders];
  let seen = 0;
  for (const folder of queue)
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
      if (++seen > MAX_ENTRIES) return marks;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) queue.push(path);
      if (!SOURCES.includes(extname(path))) continue;
      const found = await stat(path).catch(() => undefined);
      if (found) marks.set(path, `${found.mtimeMs} ${found.size} ${found.ino}`);
    }
  return marks;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
