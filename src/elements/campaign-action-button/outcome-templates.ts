/** What became of a request: the badge beside the action, and what its popup holds. */
import { nothing, type TemplateResult } from 'lit';
import { confirmationOf, type Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView } from '../../store/types.ts';
import type { Localizer } from '../../i18n/index.ts';
import { visibleText } from '../shared/text/status-text.ts';
import { glyph, type Glyph } from '../shared/templates/icons.ts';
import { reasonText, actionLabel } from '../shared/text/labels.ts';
import type { PopupContent } from '../shared/popup/popup.ts';
import { html } from '../shared/templates/html.ts';

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

/** What the user can do about it. */
export interface OutcomeActs {
  /** Now, by the server's clock, in ms since 1970. */
  readonly now: number;
  /** The campaign is being read again. */
  readonly checking: boolean;
  readonly check: () => void;
  readonly retry: () => void;
  readonly dismiss: () => void;
}

const looks = {
  refused: { tone: 'red', glyph: 'error' },
  conflict: { tone: 'gray', glyph: 'info' },
  uncertain: { tone: 'amber', glyph: 'clock' },
} as const satisfies Record<Settled['phase'], { tone: string; glyph: Glyph }>;

/** The badge: a button that opens the rest. */
export function outcomeBadge(facts: OutcomeFacts): TemplateResult {
  const { i18n, lifecycle, view, settled } = facts;
  const { action, phase } = settled;
  const params = { verb: actionLabel(i18n, lifecycle, action), name: visibleText(view.name) };
  const [before, after] = i18n.format('action.outcome.name', { ...params, outcome: '\0' }).split('\0');
  return html`<button
      class="button bare small outcome"
      part="outcome"
      type="button"
      data-popup="pin"
      data-tone=${looks[phase].tone}
      aria-expanded="false"
      aria-describedby="settled"
    >
      ${glyph(looks[phase].glyph)}${hidden(before)}<span>${i18n.format(`action.outcome.${phase}`)}</span>${hidden(after)}
    </button>
    <span id="settled" hidden>${reasonOf(facts) || nextText(facts)}</span>`;
}

/** What came of it and why, what to do next, and the buttons for that. */
export function outcomeContent(
  facts: OutcomeFacts,
  { now, checking, check, retry, dismiss }: OutcomeActs,
): Pick<PopupContent, 'head' | 'body' | 'copy' | 'actions'> {
  const { i18n, lifecycle, settled } = facts;
  const { action, phase, since } = settled;
  const reason = reasonOf(facts);
  const again = canRetry(facts);
  const params = { verb: actionLabel(i18n, lifecycle, action), ago: i18n.ago(now - since) };
  return {
    head: html`<div class="popup-head" data-tone=${looks[phase].tone}>
      ${glyph(looks[phase].glyph)}<span>${i18n.format(`action.${phase}`, params)}</span>
    </div>`,
    body: html`${reason ? html`<p class="foreign" dir="auto">${reason}</p>` : nothing}
      <p>${nextText(facts)}</p>`,
    ...(reason ? { copy: reason } : {}),
    actions: html`<button class="button small bare" type="button" @click=${dismiss}>
        ${i18n.format('action.dismiss')}
      </button>
      ${
        phase === 'conflict'
          ? nothing
          : html`<button
              class="button small"
              type="button"
              aria-disabled=${checking ? 'true' : 'false'}
              @click=${check}
            >
              ${i18n.format(checking ? 'action.checking' : 'action.checkAgain')}
            </button>`
      }
      ${
        again
          ? html`<button class="button small" type="button" @click=${retry}>${i18n.format('action.askAgain')}</button>`
          : nothing
      }`,
  };
}

/** Words for a screen reader only. */
export function hidden(text: string | undefined): unknown {
  return text ? html`<span class="visually-hidden">${text}</span>` : nothing;
}

/** The backend's reason, if it gave one. The heading already says that the action was not confirmed. */
function reasonOf({ i18n, lifecycle, settled: { phase, reason } }: OutcomeFacts): string {
  return reason && phase !== 'uncertain' ? visibleText(reasonText(i18n, lifecycle, reason)) : '';
}

function canRetry({ view, settled }: OutcomeFacts): boolean {
  const offered = view.actions.find(({ action }) => action === settled.action);
  return settled.phase !== 'conflict' && offered !== undefined && !offered.disabled;
}

function nextText(facts: OutcomeFacts): string {
  const { i18n, lifecycle, view, settled } = facts;
  const { action, phase } = settled;
  if (phase === 'conflict') return i18n.format('action.next.conflict');
  if (phase === 'uncertain' || !confirmationOf(lifecycle, view.status, action))
    return i18n.format(canRetry(facts) ? `action.next.${phase}.again` : `action.next.${phase}`);
  return i18n.format(lifecycle?.log ? 'action.next.refused.forced.log' : 'action.next.refused.forced');
}
