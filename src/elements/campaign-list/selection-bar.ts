import { nothing, type TemplateResult } from 'lit';
import type { Localizer } from '../../i18n/index.ts';
import type { Lifecycle } from '../../lifecycle/index.ts';
import { exactText, html } from '../shared/templates/html.ts';
import { wordTranslation } from '../shared/templates/word-translation.ts';
import { actionLabel } from '../shared/text/labels.ts';

/** What the bar shows, and what it does. */
export interface SelectionBar {
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
  /** How many campaigns are selected. */
  readonly count: number;
  /** The campaigns that can take an action now, by action. */
  readonly actions: ReadonlyMap<string, readonly string[]> | undefined;
  /** Requests are being sent: another action has to wait. */
  readonly busy: boolean;
  /** What went wrong, in words. */
  readonly problem: string;
  readonly act: (action: string) => void;
  readonly clear: () => void;
}

/** How many campaigns are selected, and what can be done with them. Its place is kept while nothing is selected. */
export function selectionBar(bar: SelectionBar): TemplateResult {
  const { i18n, count, problem } = bar;
  return html`
    <div class="selection" part="selection" role="group" aria-label=${i18n.format('list.selection.label')}>
      ${
        count === 0
          ? nothing
          : html`<span part="selection-count">${i18n.format('list.selection.count', { count })}</span>
              <button class="button small bare" part="selection-clear" type="button" @click=${bar.clear}>
                ${i18n.format('list.selection.clear')}
              </button>
              ${[...(bar.actions ?? [])].map(([action, able]) => actionButton(bar, action, able.length))}`
      }
      ${problem ? html`<span part="selection-problem">${problem}</span>` : nothing}
    </div>
  `;
}

function actionButton({ i18n, lifecycle, busy, act }: SelectionBar, action: string, count: number): TemplateResult {
  const verb = actionLabel(i18n, lifecycle, action);
  return html`<button
    class="button small"
    part="bulk-action"
    type="button"
    translate=${wordTranslation()}
    aria-disabled=${busy ? 'true' : 'false'}
    aria-description=${busy ? i18n.format('bulk.busy') : nothing}
    aria-label=${i18n.format('bulk.action.name', { verb, count })}
    @click=${() => act(action)}
  >
    ${exactText(i18n.format('bulk.action', { verb, count }))}
  </button>`;
}
