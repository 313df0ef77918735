#!/usr/bin/env node
import process from 'node:process';
import { HELP, optionsOf, UsageError } from './command/options.ts';
import { verify } from './command/verify.ts';
import { watch } from './command/watch.ts';

const COULD_NOT_RUN = 2;
/** Stopped by Ctrl-C. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const options = optionsOf(args);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const interrupted = new AbortController();
  // `once`: a second signal ends the process immediately.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const code = options.watch
    ? await watch(args, options, interrupted.signal)
    : await verify(options, interrupted.signal);
  return interrupted.signal.aborted ? INTERRUPTED : code;
}

/** Exits even if an adapter left something open, but only after all output is written. */
function end(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

main().then(end, (error: unknown) => {
  const shown = error instanceof UsageError ? `${error.message}\nMore: campaign-status-kit verify --help` : error;
  process.stderr.write(`${shown instanceof Error ? (shown.stack ?? shown.message) : String(shown)}\n`);
  end(COULD_NOT_RUN);
});
