/** Translates the store's codes into texts. */
import { statusDef, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView, Connection, Reason } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';

/** The label of a status: translated, else from the lifecycle, else the raw status; without a status the text "No status". */
export function statusLabel(i18n: Localizer, lifecycle: Lifecycle | undefined, status: string): string {
  const def = statusDef(lifecycle, status);
  if (def) return i18n.term(`${lifecycle!.system}.statuses.${status}.label`, def.label);
  return status || i18n.format('status.none');
}

/** What a status means, in one sentence. */
export function statusMeaning(i18n: Localizer, lifecycle: Lifecycle | undefined, status: string): string {
  const def = statusDef(lifecycle, status);
  return def
    ? i18n.term(`${lifecycle!.system}.statuses.${status}.meaning`, def.meaning)
    : i18n.format(status ? 'status.unknown.meaning' : 'status.none.meaning');
}

/** What to do next, in one sentence; `''` where there is nothing to say. */
export function statusNext(i18n: Localizer, lifecycle: Lifecycle | undefined, status: string): string {
  const def = statusDef(lifecycle, status);
  if (!def) return i18n.format(status ? 'status.unknown.next' : 'status.none.next');
  return def.next ? i18n.term(`${lifecycle!.system}.statuses.${status}.next`, def.next) : '';
}

/** The verb of an action: what its button says at rest, or while it is pending. */
export function actionLabel(
  i18n: Localizer,
  lifecycle: Lifecycle | undefined,
  action: string,
  form: 'label' | 'pending' = 'label',
): string {
  const def = lifecycle?.actions[action];
  return def ? i18n.term(`${lifecycle.system}.actions.${action}.${form}`, def[form]) : action;
}

/** The text of a reason: the backend's own if it gave one. */
export function reasonText(i18n: Localizer, lifecycle: Lifecycle | undefined, reason: Reason): string {
  if (reason.text) return reason.text;
  const what = reason.what ?? [];
  if (reason.code === 'missing') {
    const named = what.map((name) => [name, lifecycle?.prerequisites?.[name]] as const);
    const labels = named.map(([name, def]) => prerequisiteText(i18n, lifecycle, name, 'label', def?.label ?? name));
    const sentences = named.flatMap(([name, def]) =>
      def ? [prerequisiteText(i18n, lifecycle, name, 'missing', def.missing)] : [],
    );
    return [i18n.format('reason.missing', { what: i18n.list(labels) }), ...sentences].join(' ');
  }
  if (reason.code === 'pending')
    return i18n.format('reason.pending', {
      what: i18n.list(what.map((action) => actionLabel(i18n, lifecycle, action))),
    });
  return i18n.format(`reason.${reason.code}`);
}

/** The states of a connection that elements distinguish. */
export type ConnectionStatus = 'live' | 'connecting' | 'lost' | 'blocked';

/** The state of a connection, as elements show it. */
export function connectionStatus({ state, lost }: Connection): ConnectionStatus {
  if (state === 'unauthenticated' || state === 'forbidden' || state === 'misconfigured') return 'blocked';
  if (lost) return 'lost';
  return state === 'live' ? 'live' : 'connecting';
}

/** What else is to be known of a status: it is only the last known one, or it is stuck. `''` if it is neither. */
export function caveatText(i18n: Localizer, { stale, stuckSince }: Pick<CampaignView, 'stale' | 'stuckSince'>): string {
  if (stale) return i18n.format(`status.stale.${stale.why}`, { time: i18n.time(stale.asOf) });
  return stuckSince === undefined ? '' : i18n.format('status.stuck', { time: i18n.time(stuckSince) });
}

function prerequisiteText(
  i18n: Localizer,
  lifecycle: Lifecycle | undefined,
  name: string,
  field: 'label' | 'missing',
  own: string,
): string {
  return i18n.term(`${lifecycle?.system ?? ''}.prerequisites.${name}.${field}`, own);
}
