import process from 'node:process';
import { conformanceCases } from '../conformance-cases.ts';
import { docsIn, formatResult, formatSummary } from '../format-report.ts';
import { checkRules, runConformance, type ConformanceReport } from '../run-conformance.ts';
import { RULE_SET, type RuleSet } from '../rule.ts';
import type { Subject } from '../subject.ts';
import { kitFolder } from './kit-folder.ts';
import { idsIn, subjectOf } from './load.ts';
import { isUrl, UsageError, type CommandOptions } from './options.ts';

/**
 * Checks the subject of the command line and prints the results.
 *
 * @returns the exit code
 * @throws UsageError for an invalid subject or option
 */
export async function verify(options: CommandOptions, signal: AbortSignal): Promise<number> {
  const subject = await subjectOf(options);
  const { ruleSet = RULE_SET } = options;
  const expectedFailures = options.expectedFailures === undefined ? [] : await idsIn(options.expectedFailures);
  check(subject, ruleSet, [...(options.only ?? []), ...expectedFailures]);
  const kit = kitFolder();
  const colour = process.stdout.isTTY && !process.env['NO_COLOR'];
  const report = await runConformance(subject, {
    signal,
    ruleSet,
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

/** Turns errors about the subject or rule ids into usage errors. */
function check(subject: Subject, ruleSet: RuleSet, ids: readonly string[]): void {
  try {
    checkRules(conformanceCases(subject, ruleSet), ids);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** What to do if the backend requires a sign-in or is no campaign backend. */
function hintFor({ results }: ConformanceReport, isAddress: boolean, kit: string): string | undefined {
  const reason = results.find(isError)?.reason ?? '';
  if (isAddress && /answered 404\b/.test(reason))
    return `If the backend does not follow the HTTP contract, write a module: see ${docsIn(kit, 'docs/wire-your-backend.md')}.`;
  if (!/AdapterError unauthenticated\b/.test(reason)) return undefined;
  return isAddress
    ? "The backend requires a sign-in: give --header 'NAME: VALUE'."
    : 'The backend requires a sign-in: return an adapter from `createAdapter` that is signed in, or give it a `reauthenticate`.';
}

function isError({ status }: ConformanceReport['results'][number]): boolean {
  return status === 'error';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
