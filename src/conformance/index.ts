/** Checks an adapter against the contract: cases that run in Node and in browsers, with any test runner or none. */
export { conformanceCases } from './conformance-cases.ts';
export type { CaseResult, CaseStatus, ConformanceCase, Failure } from './conformance-cases.ts';
export { formatFailure, formatReport, type ConformanceReport, type FormatOptions } from './format-report.ts';
export { describeConformance, runConformance } from './run-conformance.ts';
export type { RunOptions, Runner } from './run-conformance.ts';
export { RULE_SET, type Need, type RuleInfo, type RuleSet } from './rule.ts';
export { conformanceRules } from './rules/index.ts';
export type { Awaitable, BackendControl, Timeouts, SeedCampaign, Subject, FailureKind } from './subject.ts';
export {
  checkActBody,
  checkActManyAnswer,
  checkActManyBody,
  checkActResult,
  checkChange,
  checkDependencies,
  checkHistoryPage,
  checkLogEntries,
  checkProblem,
  checkReading,
  checkRecord,
} from './schemas.ts';
