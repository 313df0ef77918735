/** What became of a request: the popup of the badge. */
import { nothing } from 'lit';
import { actionLabel } from '../shared/text/labels.ts';
import type { PopupContent } from '../shared/popup/popup.ts';
import { glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';
import { canRetry, looks, nextText, reasonOf, type OutcomeFacts } from './outcome-texts.ts';

/** What the user can do about it. */
interface OutcomeActs {
  /** Now, by the server's clock, in ms since 1970. */
  readonly now: number;
  /** The campaign is being read again. */
  readonly checking: boolean;
  readonly check: () => void;
  readonly retry: () => void;
  readonly dismiss: () => void;
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
