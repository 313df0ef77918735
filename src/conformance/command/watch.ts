import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, relative } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileOf } from './load.ts';
import { UsageError, type CommandOptions } from './options.ts';
import { changedFiles, sourceFiles } from './source-files.ts';

const POLL_MS = 300;
/** An editor writes a file in several steps. */
const SETTLE_MS = 150;
/** How long a run may take to clean up before it is killed. */
const END_MS = 6_000;

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
  let run = start(args, folders);
  while (await waits(POLL_MS, signal)) {
    if (!changedFiles(before, await sourceFiles(folders)).length) continue;
    await waits(SETTLE_MS, signal);
    const changed = changedFiles(before, await sourceFiles(folders));
    if (!changed.length) continue;
    await end(run);
    if (signal.aborted) break;
    before = await sourceFiles(folders);
    print(`\n— ${named(changed, folders)} changed, ${new Date().toTimeString().slice(0, 8)} —\n`);
    run = start(args, folders);
  }
  await end(run);
  return 0;
}

function start(args: readonly string[], folders: readonly string[]): ChildProcess {
  const command = [...process.execArgv, process.argv[1]!, ...args.filter((arg) => arg !== '--watch')];
  const run = spawn(process.execPath, command, { stdio: 'inherit' });
  // A run that was stopped for the next one must not print this.
  run.once('exit', () => {
    if (!ending.has(run)) print(`\nwaiting for a change in ${folders.join(', ')}\n`);
  });
  return run;
}

const ending = new WeakSet<ChildProcess>();

/** Stops a run as Ctrl-C does, so that it cleans up. */
async function end(run: ChildProcess): Promise<void> {
  if (run.exitCode !== null || run.signalCode !== null) return;
  ending.add(run);
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

function named(files: readonly string[], folders: readonly string[]): string {
  const [first] = files;
  const folder = folders.find((one) => first!.startsWith(one))!;
  return `${relative(folder, first!)}${files.length > 1 ? ` and ${files.length - 1} more` : ''}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
