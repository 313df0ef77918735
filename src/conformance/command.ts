#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { idsIn, nearPath, subjectOf } from './command/load.ts';
import { HELP, isUrl, optionsOf, UsageError, type CommandOptions } from './command/options.ts';
import { watch } from './command/watch.ts';
import { prepareCases } from './conformance-cases.ts';
import { docsIn, formatResult, formatSummary, type ConformanceReport } from './format-report.ts';
import { RULE_SET } from './rule.ts';
import { runConformance } from './run-conformance.ts';

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
  const { signal } = interrupted;
  // `once`: a second signal ends the process immediately.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());
  const code = await (options.watch ? watch(args, options, signal) : verify(options, signal));
  return signal.aborted ? INTERRUPTED : code;
}

/** Checks the subject of the command line and prints the results. @returns the exit code */
async function verify(options: CommandOptions, signal: AbortSignal): Promise<number> {
  const { target, only, json, ruleSet = RULE_SET } = options;
  const subject = await subjectOf(options);
  const expectedFailures = options.expectedFailures === undefined ? [] : await idsIn(options.expectedFailures);
  try {
    prepareCases(subject, ruleSet, [...(only ?? []), ...expectedFailures]);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const kit = kitFolder();
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  const onCase = (_: string, result?: ConformanceReport['results'][number]): void => {
    if (result && !json) print(formatResult(result, { colour }));
  };
  const report = await runConformance(subject, { signal, ruleSet, expectedFailures, ...(only && { only }), onCase });
  if (json) print(JSON.stringify(report, undefined, 2));
  else print(`\n${formatSummary(report, { colour, kit })}${hintFor(report, isUrl(target), kit)}`);
  if (report.ok) return 0;
  return report.counts.failed > 0 ? 1 : COULD_NOT_RUN;
}

/** What to do if the backend requires a sign-in or is no campaign backend, on a line of its own. */
function hintFor({ results }: ConformanceReport, isAddress: boolean, kit: string): string {
  const reason = results.find(({ status }) => status === 'error')?.reason ?? '';
  if (isAddress && /answered 404\b/.test(reason))
    return `\nIf the backend does not follow the HTTP contract, write a module: see ${docsIn(kit, 'docs/wire-your-backend.md')}.`;
  if (!/AdapterError unauthenticated\b/.test(reason)) return '';
  return isAddress
    ? "\nThe backend requires a sign-in: give --header 'NAME: VALUE'."
    : '\nThe backend requires a sign-in: return an adapter from `createAdapter` that is signed in, or give it a `reauthenticate`.';
}

/** The folder of this package, relative to the working directory; empty if they are the same. */
function kitFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return nearPath(folder);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
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
