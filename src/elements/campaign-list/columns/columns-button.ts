import { nothing, type TemplateResult } from 'lit';
import { glyph } from '../../shared/templates/icons.ts';
import { html } from '../../shared/templates/html.ts';

/** The button that opens the choice of columns. @param problem why it does not open, in words */
export function columnsButton(label: string, problem: string, press: (event: MouseEvent) => void): TemplateResult {
  return html`
    <button
      class="chip"
      part="columns"
      type="button"
      data-popup="pin"
      aria-haspopup="dialog"
      aria-expanded="false"
      @click=${press}
    >
      <span class="word">${label}</span><span class="chevron">${glyph('chevron')}</span>
    </button>
    ${problem ? html`<span class="columns-problem" part="columns-problem">${problem}</span>` : nothing}
  `;
}
