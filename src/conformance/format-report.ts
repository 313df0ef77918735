import type { CaseResult, CaseStatus } from './conformance-cases.ts';
import type { RuleSet } from './rule.ts';

/** The result of a run. Plain data that can be printed as JSON. */
export interface ConformanceReport {
  readonly contract: 1;
  readonly ruleSet: RuleSet;
  readonly system: string;
  /** True if the run sent no action and changed nothing, because it was asked to or because there is no backend control. */
  readonly readOnly: boolean;
  /** True if no `must` rule is broken except expected failures, and no case ended in an error. */
  readonly ok: boolean;
  readonly durationMs: number;
  readonly counts: Readonly<Record<CaseStatus, number>>;
  /** The optional members of the adapter and of the backend control. They decide which rules are skipped. */
  readonly capabilities: { readonly adapter: readonly string[]; readonly control: readonly string[] };
  readonly results: readonly CaseResult[];
  /** Rules that were not checked: `only` left them out, the run was stopped, or no feed could be opened. */
  readonly notRun: readonly string[];
}

/** How a report is formatted. */
export interface FormatOptions {
  /** Adds colours as terminal escapes. Default false. */
  readonly colour?: boolean;
  /** How many of the last trace lines are shown below each failure. Default 15. */
  readonly traceLines?: number;
  /** The folder of the kit, for paths to its docs. Default `node_modules/campaign-status-kit`. */
  readonly kit?: string;
}

const TRACE_LINES = 15;
const KIT = 'node_modules/campaign-status-kit';
/** The label of each status, and its colour as a terminal escape. */
const LABELS: Readonly<Record<CaseStatus, readonly [string, number]>> = {
  passed: ['pass', 32],
  failed: ['FAIL', 31],
  warned: ['warn', 33],
  skipped: ['skip', 90],
  error: ['ERROR', 35],
};

/** A report as text: one line per case, then every failure in full, then the totals. */
export function formatReport(report: ConformanceReport, options: FormatOptions = {}): string {
  const lines = report.results.map((result) => formatResult(result, options));
  return [...lines, '', formatSummary(report, options)].join('\n');
}

/** The part after the case lines: every failure in full, the capabilities that were found, and the totals. */
export function formatSummary(report: ConformanceReport, options: FormatOptions = {}): string {
  const { results, capabilities, notRun, system, readOnly } = report;
  const failures = results.filter(({ status, expected }) => !expected && status !== 'passed' && status !== 'skipped');
  return [
    ...mergeRepeated(failures).flatMap((result) => [formatFailure(result, options), '']),
    `adapter of ${system}, optional members: ${listed(capabilities.adapter)}; backend control: ${listed(capabilities.control)}`,
    ...(readOnly ? ['read-only: no action was sent, so action rules were not checked'] : []),
    ...(notRun.length ? [`not checked: ${notRun.length} ${notRun.length === 1 ? 'rule' : 'rules'}`] : []),
    formatCounts(report),
  ].join('\n');
}

/** One case on one line. */
export function formatResult(result: CaseResult, { colour = false }: FormatOptions = {}): string {
  const { status, id, title, reason, expected } = result;
  const [label, escape] = LABELS[status];
  const painted = colour ? `\u001b[${escape}m${label.padEnd(5)}\u001b[39m` : label.padEnd(5);
  return `${painted} ${id}: ${status === 'skipped' ? reason : title}${expected ? ' (expected to fail)' : ''}`;
}

/** Merges cases with the same reason into one entry, so that one cause is printed once. */
function mergeRepeated(results: readonly CaseResult[]): readonly CaseResult[] {
  const merged = new Map<string, CaseResult>();
  for (const result of results) {
    const key = result.failure ? result.id : `${result.status} ${result.reason}`;
    const before = merged.get(key);
    merged.set(key, before ? { ...before, id: `${before.id}, ${result.id}` } : result);
  }
  return [...merged.values()];
}

/** Everything about a case that did not pass. */
export function formatFailure(result: CaseResult, { traceLines = TRACE_LINES, kit = KIT }: FormatOptions = {}): string {
  const { id, status, failure, reason } = result;
  const head = `${LABELS[status][0]} ${id}`;
  if (!failure) return `${head}\n  ${reason ?? ''}`;
  const trace = failure.trace.slice(-traceLines);
  return [
    `${head}: ${failure.rule}`,
    ...(reason === undefined ? [] : [`  ${reason}`]),
    `  received  ${failure.received}`,
    `  matters   ${failure.why}`,
    `  fix       ${failure.fix}`,
    `  read      ${docsIn(kit, failure.docs)}`,
    ...(trace.length ? ['  trace', ...trace.map((line) => `    ${line}`)] : []),
  ].join('\n');
}

/** The totals of a run, on one line. */
function formatCounts(report: ConformanceReport): string {
  const { ruleSet, counts, durationMs, ok, readOnly, notRun } = report;
  const parts = (['passed', 'failed', 'warned', 'skipped', 'error'] as const).map(
    (status) => `${counts[status]} ${status === 'error' ? 'in error' : status}`,
  );
  const unchecked = counts.skipped + notRun.length;
  const reservation = readOnly
    ? ', as far as a read-only run can check'
    : unchecked
      ? `, as far as it was checked (${unchecked} rules were not)`
      : '';
  const verdict = ok
    ? `the adapter conforms to rule set ${ruleSet}${reservation}${counts.warned ? `; recommendations not met: ${counts.warned}` : ''}`
    : counts.failed
      ? `the adapter does not conform to rule set ${ruleSet}`
      : 'the adapter could not be checked';
  return `${parts.join(', ')} in ${(durationMs / 1000).toFixed(1)} s: ${verdict}`;
}

function listed(words: readonly string[]): string {
  return words.join(', ') || 'none';
}

/** The path to a file of the kit. */
export function docsIn(kit: string, docs: string): string {
  return kit === '' ? docs : `${kit}/${docs}`;
}
