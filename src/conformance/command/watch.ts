import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch as watchFolder } from 'node:fs';
import { dirname, sep } from 'node:path';
import process from 'node:process';
import { fileOf } from './load.ts';
import { UsageError, type CommandOptions } from './options.ts';

/** An editor writes a file in several steps. */
const SETTLE_MS = 150;

/**
 * Runs the command again whenever something in the folder of its module changes; each time in a process of its own, since a
 * module once loaded stays loaded.
 *
 * @param args the command line
 * @returns when the signal aborts: 0
 * @throws UsageError where there is no file to watch
 */
export async function watch(args: readonly string[], options: CommandOptions, signal: AbortSignal): Promise<number> {
  const files = [options.target, options.backDoor].flatMap((name) => (name === undefined ? [] : (fileOf(name) ?? [])));
  const folders = [...new Set(files.map((file) => dirname(file)))];
  if (!folders.length) throw new UsageError('--watch needs a file to watch: a module, or a back door.');

  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    child?.kill('SIGKILL');
    const started = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1]!, ...args.filter((arg) => arg !== '--watch')],
      {
        stdio: 'inherit',
      },
    );
    child = started;
    started.once('exit', () => {
      if (child === started && !signal.aborted)
        process.stdout.write(`\nwaiting for a change in ${folders.join(', ')}\n\n`);
    });
  };
  const changed = (_: string, name: string | null): void => {
    if (name?.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'))) return;
    clearTimeout(timer);
    timer = setTimeout(start, SETTLE_MS);
  };
  const watchers = folders.map((folder) => watchFolder(folder, { recursive: true }, changed));
  start();
  await once(signal, 'abort');
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  child?.kill('SIGKILL');
  return 0;
}
