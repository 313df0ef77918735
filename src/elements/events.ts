/**
 * The kit's events. All bubble and are composed. They only report: no element acts on one. `detail` names things and holds no records.
 *
 * Native `click`, `dblclick`, `keydown` and `keyup` of a control inside an element do not bubble past the element, and a press does
 * not follow a link around it. Listen on the element, in the capture phase, or to these events.
 */
import type { CampaignRef } from '../adapters/contract.ts';
import type { ActionOutcome, BulkProgress, CampaignChange, ListQuery, ReasonCode } from '../store/types.ts';

abstract class KitEvent<D> extends Event {
  constructor(
    type: string,
    readonly detail: D,
    cancelable = false,
  ) {
    super(type, { bubbles: true, composed: true, cancelable });
  }
}

/**
 * The user asked for an action: after any confirmation, before the request. Cancel it to keep the request from going out.
 * An element without a store sends nothing itself; there, this event is the request.
 */
export class CampaignActionEvent extends KitEvent<{
  readonly ref: CampaignRef;
  readonly action: string;
  /** The text that the action asked for; absent for an action without input. */
  readonly input?: string;
}> {
  constructor(ref: CampaignRef, action: string, input?: string) {
    super('campaign-action', { ref, action, ...(input === undefined ? {} : { input }) }, true);
  }
}

/** An action that this element asked for has an outcome. */
export class CampaignOutcomeEvent extends KitEvent<{
  readonly ref: CampaignRef;
  readonly action: string;
  readonly outcome: ActionOutcome['outcome'];
  readonly code?: ReasonCode;
}> {
  constructor(ref: CampaignRef, action: string, { outcome, reason }: ActionOutcome) {
    super('campaign-outcome', { ref, action, outcome, ...(reason ? { code: reason.code } : {}) });
  }
}

/**
 * The user wants a page of the host's, such as `campaign`, `channels` or `contacts`: by a button, because no route leads there, or by
 * a plain click on a link. Cancel it to keep the link from being followed. Links that are opened in another tab, copied or saved
 * fire none.
 */
export class CampaignNavigateEvent extends KitEvent<{
  readonly to: string;
  readonly ref: CampaignRef;
  readonly dependency?: { readonly kind: string; readonly id: string };
  /** Where the link leads, absolute; absent for a button. */
  readonly href?: string;
}> {
  constructor(
    to: string,
    ref: CampaignRef,
    dependency?: { readonly kind: string; readonly id: string },
    href?: string,
  ) {
    const about = { ...(dependency ? { dependency } : {}), ...(href === undefined ? {} : { href }) };
    super('campaign-navigate', { to, ref, ...about }, true);
  }
}

/**
 * Fires {@link CampaignNavigateEvent} for a click on a link or button that leads to a page of the host's, where it was pressed. A
 * click that the browser does not answer by going there itself fires none.
 */
export function navigate(click: MouseEvent, from: Element, event: CampaignNavigateEvent): void {
  const elsewhere = click.ctrlKey || click.metaKey || click.shiftKey || click.altKey;
  if (event.detail.href !== undefined && (elsewhere || click.defaultPrevented)) return;
  if (!from.dispatchEvent(event)) click.preventDefault();
}

/** Campaigns on display have changed in the backend: once per frame, from a provider with `change-events`. */
export class CampaignChangeEvent extends KitEvent<{ readonly changes: readonly CampaignChange[] }> {
  constructor(changes: readonly CampaignChange[]) {
    super('campaign-change', { changes });
  }
}

/** The user changed search, filter or order of a list: for a host that keeps them in its address. */
export class CampaignQueryEvent extends KitEvent<{ readonly system: string; readonly query: ListQuery }> {
  constructor(system: string, query: ListQuery) {
    super('campaign-query', { system, query });
  }
}

/**
 * The user asked for an action on several campaigns of a list: after any confirmation, before the first request. Cancel it to keep the
 * requests from going out.
 */
export class CampaignBulkActionEvent extends KitEvent<{
  readonly system: string;
  readonly action: string;
  /** The selected campaigns. Those that can't take the action are skipped. */
  readonly ids: readonly string[];
  /** The text that the action asked for; absent for an action without input. */
  readonly input?: string;
}> {
  constructor(system: string, action: string, ids: readonly string[], input?: string) {
    super('campaign-bulk-action', { system, action, ids, ...(input === undefined ? {} : { input }) }, true);
  }
}

/** An action on several campaigns that this list asked for has ended, or has stopped before all were sent. */
export class CampaignBulkOutcomeEvent extends KitEvent<{
  readonly system: string;
  readonly action: string;
  readonly counts: BulkProgress['counts'];
}> {
  constructor(system: string, action: string, counts: BulkProgress['counts']) {
    super('campaign-bulk-outcome', { system, action, counts });
  }
}

/** The user selected campaigns of a list for actions, or no longer does. Also when a selected campaign was removed. */
export class CampaignSelectionEvent extends KitEvent<{ readonly system: string; readonly ids: readonly string[] }> {
  constructor(system: string, ids: readonly string[]) {
    super('campaign-selection', { system, ids });
  }
}

/** The user has shown or hidden a column of a list: for a host that keeps this in its address or storage. */
export class CampaignColumnsEvent extends KitEvent<{
  readonly system: string;
  /** The keys of the hidden columns, separated by blanks, as in the list's `hiddenColumns`. */
  readonly hiddenColumns: string;
}> {
  constructor(system: string, hiddenColumns: string) {
    super('campaign-columns', { system, hiddenColumns });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'campaign-action': CampaignActionEvent;
    'campaign-outcome': CampaignOutcomeEvent;
    'campaign-navigate': CampaignNavigateEvent;
    'campaign-change': CampaignChangeEvent;
    'campaign-bulk-action': CampaignBulkActionEvent;
    'campaign-bulk-outcome': CampaignBulkOutcomeEvent;
    'campaign-query': CampaignQueryEvent;
    'campaign-selection': CampaignSelectionEvent;
    'campaign-columns': CampaignColumnsEvent;
  }
}
