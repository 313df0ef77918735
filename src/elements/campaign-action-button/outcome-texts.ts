/** What became of a request, and what to do next: for the badge beside the action and for its popup. */
import { confirmationOf, type Lifecycle } from '../../lifecycle/index.ts';
import type { ActionView, CampaignView } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { visibleText } from '../shared/text/status-text.ts';
import type { outcomeGlyphs } from '../shared/icons/outcome-glyphs.ts';
import { reasonText } from '../shared/text/labels.ts';

/** A request that came to something else than what was asked for, while that is shown. */
export interface Settled extends NonNullable<CampaignView['request']> {
  readonly phase: 'refused' | 'conflict' | 'uncertain';
}

/** What an outcome is shown with. */
export interface OutcomeFacts {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  readonly view: CampaignView;
  readonly settled: Settled;
}

/** Tone and glyph of each outcome. */
export const looks = {
  refused: { tone: 'red', glyph: 'error' },
  conflict: { tone: 'gray', glyph: 'info' },
  uncertain: { tone: 'amber', glyph: 'clock' },
} as const satisfies Record<Settled['phase'], { tone: string; glyph: keyof typeof outcomeGlyphs }>;

/** What the view says of an action, if the status offers it. */
export function offerOf(view: CampaignView, action: string): ActionView | undefined {
  return view.actions.find((offer) => offer.action === action);
}

/** The backend's reason, if it gave one. The heading already says that the action was not confirmed. */
export function reasonOf({ i18n, lifecycle, settled: { phase, reason } }: OutcomeFacts): string {
  return reason && phase !== 'uncertain' ? visibleText(reasonText(i18n, lifecycle, reason)) : '';
}

/** The request can be made again. */
export function canRetry({ view, settled }: OutcomeFacts): boolean {
  const offered = offerOf(view, settled.action);
  return settled.phase !== 'conflict' && offered !== undefined && !offered.disabled;
}

/** What to do next. */
export function nextText(facts: OutcomeFacts): string {
  const { i18n, lifecycle, view, settled } = facts;
  const { action, phase } = settled;
  if (phase === 'conflict') return i18n.format('action.next.conflict');
  if (phase === 'uncertain' || !confirmationOf(lifecycle, view.status, action))
    return i18n.format(canRetry(facts) ? `action.next.${phase}.again` : `action.next.${phase}`);
  return i18n.format(lifecycle?.log ? 'action.next.refused.forced.log' : 'action.next.refused.forced');
}
