import type { CaseResult, CaseStatus } from './run-rule.ts';
import type { ConformanceReport } from './run-conformance.ts';

/** How a report is set in type. */
export interface FormatOptions {
  /** Colours by terminal escapes. Default false. */
  readonly colour?: boolean;
  /** Lines of trace below each failure, counted from the end. Default 15. */
  readonly traceLines?: number;
  /** Where the kit lies, for the addresses of its docs. Default `node_modules/campaign-status-kit`. */
  readonly kit?: string;
}

const TRACE_LINES = 15;
const KIT = 'node_modules/campaign-status-kit';
const WORDS: Readonly<Record<CaseStatus, string>> = {
  passed: 'pass',
  failed: 'FAIL',
  warned: 'warn',
  skipped: 'skip',
  error: 'ERROR',
};
const COLOURS: Readonly<Record<CaseStatus, number>> = { passed: 32, failed: 31, warned: 33, skipped: 90, error: 35 };

/** A report as text: a line per case, then every failure whole, then the sums. */
export function formatReport(report: ConformanceReport, options: FormatOptions = {}): string {
  return [...report.results.map((result) => formatResult(result, options)), '', formatSummary(report, options)].join(
    '\n',
  );
}

/** What follows the lines of the cases: every failure whole, what was there to judge by, and the sums. */
export function formatSummary(report: ConformanceReport, options: FormatOptions = {}): string {
  const { results, capabilities, notRun, system, readOnly } = report;
  const failures = results.filter(({ status, expected }) => !expected && status !== 'passed' && status !== 'skipped');
  return [
    ...toldOnce(failures).flatMap((result) => [formatFailure(result, options), '']),
    `adapter of ${system}, optional members: ${listed(capabilities.adapter)}; back door: ${listed(capabilities.control)}`,
    ...(readOnly ? ['read-only: nothing was acted on, so nothing is said of actions'] : []),
    ...(notRun.length ? [`not judged: ${notRun.length} ${notRun.length === 1 ? 'rule' : 'rules'}`] : []),
    formatCounts(report),
  ].join('\n');
}

/** One case on one line. */
export function formatResult(result: CaseResult, { colour = false }: FormatOptions = {}): string {
  const { status, id, title, reason, expected } = result;
  const word = WORDS[status].padEnd(5);
  const painted = colour ? `\u001b[${COLOURS[status]}m${word}\u001b[39m` : word;
  return `${painted} ${id}: ${status === 'skipped' ? reason : title}${expected ? ' (expected to fail)' : ''}`;
}

/** What went wrong around several cases alike is told of all of them at once. */
function toldOnce(results: readonly CaseResult[]): readonly CaseResult[] {
  const told = new Map<string, CaseResult>();
  for (const result of results) {
    const what = result.failure ? result.id : `${result.status} ${result.reason}`;
    const before = told.get(what);
    told.set(what, before ? { ...before, id: `${before.id}, ${result.id}` } : result);
  }
  return [...told.values()];
}

/** Everything about a case that did not pass. */
export function formatFailure(result: CaseResult, { traceLines = TRACE_LINES, kit = KIT }: FormatOptions = {}): string {
  const { id, status, failure, reason } = result;
  const head = `${WORDS[status]} ${id}`;
  if (!failure) return `${head}\n  ${reason ?? ''}`;
  const trace = failure.trace.slice(-traceLines);
  return [
    `${head}: ${failure.rule}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    `  received  ${failure.received}`,
    `  matters   ${failure.why}`,
    `  mend      ${failure.fix}`,
    `  read      ${docsIn(kit, failure.docs)}`,
    ...(trace.length ? ['  trace', ...trace.map((line) => `    ${line}`)] : []),
  ].join('\n');
}

/** The sums of a run, on one line. */
export function formatCounts({ counts, durationMs, ok, readOnly, notRun }: ConformanceReport): string {
  const parts = (['passed', 'failed', 'warned', 'skipped', 'error'] as const).map(
    (status) => `${counts[status]} ${status === 'error' ? 'in error' : status}`,
  );
  const untried = counts.skipped + notRun.length;
  const reservation = readOnly
    ? ', as far as a read-only run can tell'
    : untried
      ? `, as far as it was tried (${untried} rules were not)`
      : '';
  const verdict = ok
    ? `the adapter is right${reservation}${counts.warned ? `; recommendations not kept: ${counts.warned}` : ''}`
    : counts.failed
      ? 'the adapter is not right'
      : 'the adapter could not be judged';
  return `${parts.join(', ')} in ${(durationMs / 1000).toFixed(1)} s: ${verdict}`;
}

function listed(words: readonly string[]): string {
  return words.join(', ') || 'none';
}

/** The address of a file of the kit. */
export function docsIn(kit: string, docs: string): string {
  return kit === '' ? docs : `${kit}/${docs}`;
}
