import process from 'node:process';
import { conformanceCases } from '../conformance-cases.ts';
import { docsIn, formatResult, formatSummary } from '../format-report.ts';
import { checkRules, runConformance, type ConformanceReport } from '../run-conformance.ts';
import type { Subject } from '../subject.ts';
import { kitFolder } from './kit-folder.ts';
import { idsIn, subjectOf } from './load.ts';
import { isUrl, UsageError, type CommandOptions } from './options.ts';

/**
 * Judges the subject of the command line, and prints what comes of it.
 *
 * @returns the exit code
 * @throws UsageError for a subject or options that make no sense
 */
export async function verify(options: CommandOptions, signal: AbortSignal): Promise<number> {
  const subject = await subjectOf(options);
  const expectedFailures = options.expectedFailures === undefined ? [] : await idsIn(options.expectedFailures);
  check(subject, [...(options.only ?? []), ...expectedFailures]);
  const kit = kitFolder();
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  const report = await runConformance(subject, {
    signal,
    expectedFailures,
    ...(options.only ? { only: options.only } : {}),
    onCase: (_, result) => {
      if (result && !options.json) print(formatResult(result, { colour }));
    },
  });
  print(options.json ? JSON.stringify(report, undefined, 2) : `\n${formatSummary(report, { colour, kit })}`);
  const hint = options.json ? undefined : hintFor(report, isUrl(options.target), kit);
  if (hint !== undefined) print(hint);
  if (report.ok) return 0;
  return report.counts.failed > 0 ? 1 : 2;
}

/** What makes no sense to the kit was typed, or exported, wrongly. */
function check(subject: Subject, ids: readonly string[]): void {
  try {
    checkRules(conformanceCases(subject), ids);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What to do about a backend that lets nobody in, or is none. */
function hintFor({ results }: ConformanceReport, asked: boolean, kit: string): string | undefined {
  const reason = results.find(isError)?.reason ?? '';
  if (asked && /answered 404\b/.test(reason))
    return `If it does not speak the kit's contract, write a module: ${docsIn(kit, 'docs/wire-your-backend.md')} tells how.`;
  if (!/AdapterError unauthenticated\b/.test(reason)) return undefined;
  return asked
    ? "It asks who you are: give --header 'NAME: VALUE'."
    : 'It asks who you are: let `createAdapter` give an adapter that is signed in, or has a `reauthenticate` that signs it in.';
}

function isError({ status }: ConformanceReport['results'][number]): boolean {
  return status === 'error';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
