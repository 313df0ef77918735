#!/usr/bin/env node
import process from 'node:process';
import { HELP, optionsOf, UsageError } from './command/options.ts';
import { verify } from './command/verify.ts';
import { watch } from './command/watch.ts';

const COULD_NOT_RUN = 2;
/** Ended by Ctrl-C. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const options = optionsOf(args);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  // Once: a second one ends the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const code = options.watch
    ? await watch(args, options, interrupted.signal)
    : await verify(options, interrupted.signal);
  return interrupted.signal.aborted ? INTERRUPTED : code;
}

/** Whatever an adapter has left open must not keep the command from ending; what was printed must be out before. */
function end(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

main().then(end, (error: unknown) => {
  const told = error instanceof UsageError ? `${error.message}\nMore: campaign-status-kit --help` : error;
  process.stderr.write(`${told instanceof Error ? (told.stack ?? told.message) : String(told)}\n`);
  end(COULD_NOT_RUN);
});
