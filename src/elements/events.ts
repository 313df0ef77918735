/**
 * The kit's events. All bubble and are composed. They only report: no element acts on one. `detail` names things and holds no records.
 *
 * Native `click`, `dblclick`, `keydown` and `keyup` of a control inside an element do not bubble past the element, and a press does
 * not follow a link around it. Listen on the element, in the capture phase, or to these events.
 */
import type { CampaignRef } from '../adapters/contract.ts';
import type { ActionOutcome, ListQuery, ReasonCode } from '../store/types.ts';

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

/** The user wants a page of the host's that no route leads to, such as `campaign`, `channels` or `contacts`. */
export class CampaignNavigateEvent extends KitEvent<{
  readonly to: string;
  readonly ref: CampaignRef;
  readonly dependency?: { readonly kind: string; readonly id: string };
}> {
  constructor(to: string, ref: CampaignRef, dependency?: { readonly kind: string; readonly id: string }) {
    super('campaign-navigate', { to, ref, ...(dependency ? { dependency } : {}) });
  }
}

/** The user changed search, filter or order of a list: for a host that keeps them in its address. */
export class CampaignQueryEvent extends KitEvent<{ readonly system: string; readonly query: ListQuery }> {
  constructor(system: string, query: ListQuery) {
    super('campaign-query', { system, query });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'campaign-action': CampaignActionEvent;
    'campaign-outcome': CampaignOutcomeEvent;
    'campaign-navigate': CampaignNavigateEvent;
    'campaign-query': CampaignQueryEvent;
  }
}
