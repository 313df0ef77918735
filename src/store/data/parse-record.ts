/**
 * Parses all data from adapters, once: it is untrusted. Text is limited in length and control characters are removed; fields that the
 * contract does not name are dropped.
 */
import * as v from 'valibot';
import { optional } from '../../adapters/optional.ts';
import { isRevision } from '../../adapters/revision-order.ts';
import type { DependencyView, HistoryEntryView, LogEntryView } from '../types.ts';

/** The content of a campaign's record, as the store keeps it. */
export interface CampaignRow {
  readonly id: string;
  readonly status: string;
  /** The id if the backend gave no name. */
  readonly name: string;
  readonly message: string;
  readonly truncated: boolean;
  /** ms since 1970 */
  readonly at?: number;
  /** `at`, once the status has lasted longer than the lifecycle's `stuckAfterMs`. Not from the backend. */
  readonly stuckSince?: number;
  readonly changedBy?: string;
  readonly missing?: readonly string[];
  readonly cause?: { readonly kind: string; readonly id: string; readonly name: string };
  readonly denied?: Readonly<Record<string, string>>;
}

/** A row, or the problem with it. With an id the problem concerns that campaign; without one the row is dropped. */
export type ParsedRow =
  | { readonly row: CampaignRow; readonly revision: number }
  | { readonly id: string | undefined; readonly revision?: number | undefined; readonly problem: string };

/** Longest message, in characters. */
const MESSAGE_LENGTH = 16_384;
/** Longest name, status or other text, in characters. */
const TEXT_LENGTH = 512;
/** The most prerequisites or denied actions of one campaign; a lifecycle has a handful. */
const MOST_WORDS = 100;
const LONGEST_ID = 1024;
const LONGEST_LOG_TEXT = 65_536;

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_ID));
const Revision = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Moment = optional(v.union([v.string(), v.number()]));

const RecordSchema = v.object({
  id: Id,
  status: v.string(),
  name: optional(v.string()),
  system: optional(v.string()),
  revision: Revision,
  message: optional(v.string()),
  at: Moment,
  changedBy: optional(v.string()),
  missing: optional(v.array(v.string())),
  cause: optional(v.object({ kind: v.string(), id: Id, name: optional(v.string()) })),
  denied: optional(v.record(v.string(), v.string())),
});

const RemovalSchema = v.object({ id: Id, revision: optional(Revision), reason: optional(v.string()) });

const DependencySchema = v.object({
  kind: v.string(),
  id: Id,
  name: v.string(),
  state: v.picklist(['running', 'stopped', 'error', 'unknown']),
  message: optional(v.string()),
  href: optional(v.string()),
});

const HistoryEntrySchema = v.object({
  status: v.string(),
  at: v.pipe(
    v.union([v.string(), v.number()]),
    v.check((at) => parseTime(at) !== undefined),
  ),
  action: optional(v.string()),
  changedBy: optional(v.string()),
  message: optional(v.string()),
});

const LEVELS = ['debug', 'info', 'warning', 'error'] as const;
const LogEntrySchema = v.object({
  text: v.string(),
  at: Moment,
  level: optional(v.picklist(LEVELS)),
});

type RecordFields = v.InferOutput<typeof RecordSchema>;

/** Parses one row of a page, an upsert or a single read. */
export function parseRow(input: unknown, system: string): ParsedRow {
  const known = wellFormed(input);
  if (known) return rowOf(known, system);
  const result = v.safeParse(RecordSchema, input);
  if (result.success) return rowOf(result.output, system);
  return { id: readableId(input), revision: readableRevision(input), problem: describe(result.issues[0], input) };
}

/**
 * The fields of a row, if it is one of the usual ones. The schema accepts each of these, at thirty times the cost; it judges all others, and says
 * what is wrong with them.
 */
function wellFormed(input: unknown): RecordFields | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields = input as { readonly [K in keyof RecordFields]: unknown };
  const { id, status, revision } = fields;
  const name = fields.name ?? undefined;
  const system = fields.system ?? undefined;
  const message = fields.message ?? undefined;
  const at = fields.at ?? undefined;
  const changedBy = fields.changedBy ?? undefined;
  const missing = fields.missing ?? undefined;
  return isId(id) &&
    typeof status === 'string' &&
    isTextOrAbsent(name) &&
    isTextOrAbsent(system) &&
    isRevision(revision) &&
    isTextOrAbsent(message) &&
    isMomentOrAbsent(at) &&
    isTextOrAbsent(changedBy) &&
    (missing === undefined || isTextList(missing)) &&
    (fields.cause ?? fields.denied ?? undefined) === undefined
    ? { id, status, name, system, revision, message, at, changedBy, missing, cause: undefined, denied: undefined }
    : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_ID;
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return typeof value === 'string' || value === undefined;
}

function isMomentOrAbsent(value: unknown): value is string | number | undefined {
  return isTextOrAbsent(value) || (typeof value === 'number' && !Number.isNaN(value));
}

function isTextList(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false;
  // Not `every`, which skips holes.
  for (const item of value) if (typeof item !== 'string') return false;
  return true;
}

function rowOf(fields: RecordFields, system: string): ParsedRow {
  const { id, revision, message = '', changedBy, missing, cause, denied } = fields;
  if (fields.system !== undefined && fields.system !== system)
    return { id: undefined, problem: `system is ${quote(fields.system)}, but this is the feed of ${quote(system)}` };
  const at = parseTime(fields.at);
  const row: { -readonly [K in keyof CampaignRow]: CampaignRow[K] } = {
    id,
    status: clean(fields.status, TEXT_LENGTH),
    name: nameOr(id, fields.name),
    message: clean(message, MESSAGE_LENGTH),
    truncated: message.length > MESSAGE_LENGTH,
  };
  if (at !== undefined) row.at = at;
  if (changedBy !== undefined) row.changedBy = clean(changedBy, TEXT_LENGTH);
  if (missing !== undefined) row.missing = missing.slice(0, MOST_WORDS).map((name) => clean(name, TEXT_LENGTH));
  if (cause !== undefined)
    row.cause = { kind: clean(cause.kind, TEXT_LENGTH), id: cause.id, name: nameOr(cause.id, cause.name) };
  if (denied !== undefined) row.denied = cleanTable(denied);
  return { revision, row };
}

/** A visible name: the id if the name is missing or blank. */
function nameOr(id: string, name = ''): string {
  return clean(name, TEXT_LENGTH).trim() || clean(id, TEXT_LENGTH) || id;
}

/** The first fields of unreadable data, so that a developer can find its source. Never throws. */
export function summarize(input: unknown): string {
  if (typeof input !== 'object' || input === null) return quote(input);
  try {
    const fields = Object.entries(input).slice(0, 8);
    return fields.map(([name, value]) => `${name.slice(0, 60)}: ${quote(value)}`).join(', ');
  } catch (error) {
    return `unreadable: ${String(error)}`;
  }
}

/** A row for a campaign of which only the id could be read. */
export function unreadableRow(id: string): CampaignRow {
  return { id, status: '', name: id, message: '', truncated: false };
}

/** How each field is compared: a new one does not compile until it is here. */
const ROW_FIELDS: Readonly<Record<keyof CampaignRow, (a: CampaignRow, b: CampaignRow) => boolean>> = {
  id: () => true,
  stuckSince: () => true, // it follows from the others and the time
  status: (a, b) => a.status === b.status,
  name: (a, b) => a.name === b.name,
  message: (a, b) => a.message === b.message,
  truncated: (a, b) => a.truncated === b.truncated,
  at: (a, b) => a.at === b.at,
  changedBy: (a, b) => a.changedBy === b.changedBy,
  missing: (a, b) => sameList(a.missing, b.missing),
  cause: (a, b) => sameCause(a.cause, b.cause),
  denied: (a, b) => sameTable(a.denied, b.denied),
};
const rowFields = Object.values(ROW_FIELDS);

/** True if two rows of one campaign say the same. */
export function sameContent(a: CampaignRow, b: CampaignRow): boolean {
  return rowFields.every((same) => same(a, b));
}

/** True if both name the same dependency, or none. */
export function sameCause(a: CampaignRow['cause'], b: CampaignRow['cause']): boolean {
  return a?.kind === b?.kind && a?.id === b?.id && a?.name === b?.name;
}

/** True if both hold the same texts in the same order, or both are missing. */
export function sameList(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === b || (a?.length === b?.length && a?.every((item, index) => item === b?.[index]) === true);
}

function sameTable(a: CampaignRow['denied'], b: CampaignRow['denied']): boolean {
  if (a === undefined || b === undefined) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** Parses one item of a removal. */
export function parseRemoval(input: unknown): { id: string; revision?: number; reason?: string } | string {
  const result = v.safeParse(RemovalSchema, input);
  if (!result.success) return describe(result.issues[0], input);
  const { id, revision, reason } = result.output;
  return {
    id,
    ...(revision === undefined ? {} : { revision }),
    ...(reason === undefined ? {} : { reason: clean(reason, TEXT_LENGTH) }),
  };
}

/** Parses dependencies; unreadable ones are left out and reported to `dropped`. */
export function parseDependencies(input: unknown, dropped: (problem: string) => void): readonly DependencyView[] {
  return parseAll(DependencySchema, input, dropped).map((dependency) => ({
    kind: clean(dependency.kind, TEXT_LENGTH),
    id: dependency.id,
    name: nameOr(dependency.id, dependency.name),
    state: dependency.state,
    ...(dependency.message === undefined ? {} : { message: clean(dependency.message, MESSAGE_LENGTH) }),
    ...(dependency.href === undefined ? {} : { href: dependency.href }),
  }));
}

/** Parses log entries; unreadable ones are left out and reported to `dropped`. */
export function parseLogEntries(input: unknown, dropped: (problem: string) => void): readonly LogEntryView[] {
  return parseAll(LogEntrySchema, input, dropped, wellFormedEntry).map(({ text, at, level }) => {
    const when = parseTime(at);
    return {
      text: clean(text, LONGEST_LOG_TEXT),
      ...(when === undefined ? {} : { at: when }),
      ...(level === undefined ? {} : { level }),
    };
  });
}

/** The fields of a log entry, if it is one of the usual ones: the schema accepts each of these, at many times the cost. */
function wellFormedEntry(input: unknown): v.InferOutput<typeof LogEntrySchema> | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { text, at, level } = input as { readonly [K in keyof LogEntryView]: unknown };
  return typeof text === 'string' && isMomentOrAbsent(at) && (level === undefined || isLevel(level))
    ? { text, at, level }
    : undefined;
}

function isLevel(value: unknown): value is (typeof LEVELS)[number] {
  return (LEVELS as readonly unknown[]).includes(value);
}

/** Parses at most `limit` entries of a history; unreadable ones are left out and reported to `dropped`. */
export function parseHistoryEntries(
  input: unknown,
  limit: number,
  dropped: (problem: string) => void,
): readonly HistoryEntryView[] {
  const given: unknown = Array.isArray(input) ? input.slice(0, limit) : input;
  return parseAll(HistoryEntrySchema, given, dropped).map(({ status, at, action, changedBy, message }) => ({
    status: clean(status, TEXT_LENGTH),
    at: parseTime(at)!,
    ...(action === undefined ? {} : { action: clean(action, TEXT_LENGTH) }),
    ...(changedBy === undefined ? {} : { changedBy: clean(changedBy, TEXT_LENGTH) }),
    ...(message === undefined ? {} : { message: clean(message, MESSAGE_LENGTH) }),
  }));
}

/** Cleans a reason from the backend for display; `undefined` for anything but a text. */
export function cleanReason(input: unknown): string | undefined {
  return typeof input === 'string' && input ? clean(input, MESSAGE_LENGTH) : undefined;
}

/** Converts a timestamp to ms since 1970; `undefined` for anything else. */
export function parseTime(input: unknown): number | undefined {
  if (typeof input !== 'number' && typeof input !== 'string') return undefined;
  const at = typeof input === 'number' ? input : Date.parse(input);
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? at : undefined;
}

/** @param usual the fields of an item that needs no schema */
function parseAll<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  dropped: (problem: string) => void,
  usual: (item: unknown) => v.InferOutput<S> | undefined = () => undefined,
): v.InferOutput<S>[] {
  if (!Array.isArray(input)) {
    dropped(`expected a list, got ${quote(input)}`);
    return [];
  }
  return input.flatMap((item) => {
    const fields = usual(item);
    if (fields) return [fields];
    const result = v.safeParse(schema, item);
    if (result.success) return [result.output];
    dropped(describe(result.issues[0], item));
    return [];
  });
}

/** Cuts before it cleans, so that ten megabytes cost no more than the limit. */
function clean(text: string, longest: number): string {
  if (text.length <= longest && isClean(text)) return text;
  // A slice keeps the whole text in memory; its copy does not.
  const kept = text.length > longest ? (JSON.parse(JSON.stringify(text.slice(0, longest))) as string) : text;
  return kept
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
    .toWellFormed();
}

/** True if {@link clean} would change nothing. A loop, because a pattern costs more for short texts. */
function isClean(text: string): boolean {
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    const control = unit < 0x20 ? unit !== 0x09 && unit !== 0x0a : unit > 0x7e && unit < 0xa0;
    // Half of a character, perhaps.
    const surrogate = unit >= 0xd800 && unit < 0xe000;
    if (control || surrogate) return false;
  }
  return true;
}

function cleanTable(table: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const copy = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(table).slice(0, MOST_WORDS)) copy[key] = clean(text, TEXT_LENGTH);
  return copy;
}

function readableRevision(input: unknown): number | undefined {
  const revision = typeof input === 'object' && input !== null ? (input as { revision?: unknown }).revision : undefined;
  return v.is(Revision, revision) ? revision : undefined;
}

function readableId(input: unknown): string | undefined {
  const id = typeof input === 'object' && input !== null ? (input as { id?: unknown }).id : undefined;
  return v.is(Id, id) ? id : undefined;
}

/** Names the field, what was received, and for common mistakes the fix. */
function describe(issue: v.BaseIssue<unknown>, input: unknown): string {
  // In a table, a field's name may have any length.
  const path = (v.getDotPath(issue) ?? '').slice(0, 60);
  if (!path) return `expected an object, got ${quote(input)}`;
  const fix =
    path === 'id' && typeof issue.input === 'number'
      ? '; use String(id)'
      : path === 'revision' && typeof issue.input === 'string'
        ? '; use Number(revision)'
        : path === 'id' && issue.input === undefined
          ? '; a record without an id belongs to no campaign'
          : '';
  return `${path} must be ${expected(path)}, got ${quote(issue.input)}${fix}`;
}

function expected(path: string): string {
  switch (path.split('.')[0]) {
    case 'id':
      return 'a string of 1 to 1,024 characters';
    case 'revision':
      return 'a safe integer, 0 or more';
    case 'at':
      return 'ISO 8601 or ms since 1970';
    case 'missing':
      return 'a list of strings';
    case 'cause':
      return '{kind, id, name?} of strings';
    case 'denied':
      return 'a table of strings';
    case 'state':
      return 'running, stopped, error or unknown';
    case 'level':
      return 'debug, info, warning or error';
    default:
      return 'a string';
  }
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
