import { nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Localizer } from '../../i18n/index.ts';
import { glyph } from '../shared/templates/icons.ts';
import { html } from '../shared/templates/html.ts';

/** What the search field shows, and what it does. */
export interface SearchField {
  readonly i18n: Localizer;
  readonly text: string;
  /** The user typed; `done`: and wants to see what was found. */
  readonly search: (text: string, done: boolean) => void;
}

/** A labelled search field. The browser's own find can't see what a list does not show. */
export function searchField({ i18n, text, search }: SearchField): TemplateResult {
  const field = (event: Event): HTMLInputElement =>
    (event.currentTarget as HTMLElement).closest('.search')!.querySelector('input')!;
  const clear = (event: Event): void => {
    // Before the button goes away, and the focus with it.
    field(event).focus();
    search('', true);
  };
  return html`
    <div class="search" part="search" role="search" aria-label=${i18n.format('list.search')}>
      ${glyph('search')}
      <input
        type="search"
        part="search-input"
        aria-label=${i18n.format('list.search')}
        placeholder=${i18n.format('list.search.placeholder')}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        dir="auto"
        .value=${live(text)}
        @input=${(event: Event) => search(field(event).value, false)}
        @change=${(event: Event) => search(field(event).value, true)}
      />
      ${
        text
          ? html`<button
              class="button bare small icon"
              part="search-clear"
              type="button"
              aria-label=${i18n.format('list.search.clear')}
              @click=${clear}
            >
              ${glyph('cross')}
            </button>`
          : nothing
      }
    </div>
  `;
}
