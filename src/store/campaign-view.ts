import type { CampaignRef } from '../adapters/contract.ts';
import { statusView, type Lifecycle } from '../lifecycle/index.ts';
import type { SystemCore } from './core/system-core.ts';
import { sameCause, sameList, unreadableRow } from './data/parse-record.ts';
import type { Entry } from './data/row-store.ts';
import type { ValueSource } from './observe/notifier.ts';
import type { SystemShell } from './shell/system-shell.ts';
import type { ActionView, CampaignView } from './types.ts';

/** Derives the view of a campaign. Everything that is shown of it comes from here. */
function campaignView(ref: CampaignRef, core: SystemCore | undefined, lifecycle: Lifecycle | undefined): CampaignView {
  const entry = core?.rows.entries.get(ref.id);
  const removed = entry ? undefined : core?.rows.removed(ref.id);
  const row = entry?.row ?? removed?.row ?? unreadableRow(ref.id);
  const { actions, action: _, ...look } = statusView(lifecycle, row.status, row);
  const stale = entry && core ? staleness(core, entry) : undefined;
  const request = core?.requested ? core.requests.view(ref.id) : undefined;
  const presence = entry ? 'present' : removed ? 'gone' : !core || core.answersFor(ref.id) ? 'absent' : 'loading';
  const loadError = presence === 'loading' ? core?.connection.cause : undefined;
  const offered = entry ? actions.map((offer) => actionView(core, entry, offer)) : [];
  return {
    ref,
    presence,
    ...(removed?.reason ? { goneReason: removed.reason } : {}),
    ...(loadError ? { loadError } : {}),
    ...look,
    name: row.name,
    message: row.message,
    truncated: row.truncated,
    ...(row.at === undefined ? {} : { at: row.at }),
    ...(entry && !stale && row.stuckSince !== undefined ? { stuckSince: row.stuckSince } : {}),
    ...(row.changedBy === undefined ? {} : { changedBy: row.changedBy }),
    ...(row.cause ? { cause: row.cause } : {}),
    ...(stale ? { stale } : {}),
    actions: offered,
    ...(offered[0] ? { action: offered[0] } : {}),
    ...(request ? { request } : {}),
  };
}

/** What a campaign offers, and why some of it can't be taken now. */
export function offeredActions(
  core: SystemCore | undefined,
  entry: Entry,
  lifecycle: Lifecycle | undefined,
): readonly ActionView[] {
  return statusView(lifecycle, entry.row.status, entry.row).actions.map((offer) => actionView(core, entry, offer));
}

/** What is shown of a campaign, which is observed meanwhile. @param system `undefined` for an unknown system */
export function campaignSource(
  ref: CampaignRef,
  system: SystemShell | undefined,
  lifecycle: Lifecycle | undefined,
): ValueSource<CampaignView> {
  let release = (): void => {};
  return {
    read: () => campaignView(ref, system?.core, lifecycle),
    equal: sameView,
    start: () => (release = system?.observe(ref.id) ?? release),
    stop: () => release(),
  };
}

/** Always equal: it follows from other fields. */
const derived = (): boolean => true;

/** How each field is compared: a new one does not compile until it is here. */
const VIEW_FIELDS: Readonly<Record<keyof CampaignView, (a: CampaignView, b: CampaignView) => boolean>> = {
  ref: derived,
  presence: (a, b) => a.presence === b.presence,
  goneReason: (a, b) => a.goneReason === b.goneReason,
  loadError: ({ loadError: a }, { loadError: b }) => a?.code === b?.code && a?.message === b?.message,
  status: (a, b) => a.status === b.status,
  known: derived,
  tone: derived,
  icon: derived,
  editable: derived,
  name: (a, b) => a.name === b.name,
  message: (a, b) => a.message === b.message,
  truncated: (a, b) => a.truncated === b.truncated,
  at: (a, b) => a.at === b.at,
  stuckSince: (a, b) => a.stuckSince === b.stuckSince,
  changedBy: (a, b) => a.changedBy === b.changedBy,
  cause: (a, b) => sameCause(a.cause, b.cause),
  stale: ({ stale: a }, { stale: b }) => a?.asOf === b?.asOf && a?.why === b?.why,
  request: ({ request: a }, { request: b }) =>
    a?.phase === b?.phase && a?.action === b?.action && a?.since === b?.since && sameReason(a?.reason, b?.reason),
  actions: ({ actions: a }, { actions: b }) =>
    a.length === b.length &&
    a.every(({ action, disabled }, n) => action === b[n]!.action && sameReason(disabled, b[n]!.disabled)),
  action: derived,
};
const viewFields = Object.values(VIEW_FIELDS);

/** True if two views of one campaign show the same. */
function sameView(a: CampaignView, b: CampaignView): boolean {
  return viewFields.every((same) => same(a, b));
}

function actionView(
  core: SystemCore | undefined,
  { row, revision }: Entry,
  { action, disabled }: ActionView,
): ActionView {
  const reason = (core?.requested ? core.requests.obstacle(row.id, action, revision) : undefined) ?? disabled;
  return reason ? { action, disabled: reason } : { action };
}

/** Since when a row is only the last known state; `undefined` while it is up to date. */
function staleness(core: SystemCore, { row, unreadableSince, unconfirmedSince, readAt }: Entry): CampaignView['stale'] {
  if (unreadableSince !== undefined) return { asOf: unreadableSince, why: 'unreadable' };
  if (unconfirmedSince !== undefined) return { asOf: readAt ?? unconfirmedSince, why: 'feed' };
  const { lost, covered, coveredUntil, allCoveredUntil } = core.freshness;
  const isCovered = covered === 'all' || covered.has(row.id);
  const since = lost?.asOf ?? coveredUntil.get(row.id) ?? (isCovered ? undefined : allCoveredUntil);
  // A campaign that was read singly may be newer than the feed's rows, but nothing keeps it up to date.
  if (since === undefined)
    return readAt === undefined || core.keeps(row.id) ? undefined : { asOf: readAt, why: 'feed' };
  return { asOf: Math.max(since, readAt ?? since), why: 'feed' };
}

function sameReason(a: ActionView['disabled'], b: ActionView['disabled']): boolean {
  return a === b || (a?.code === b?.code && a?.text === b?.text && sameList(a?.what, b?.what));
}
