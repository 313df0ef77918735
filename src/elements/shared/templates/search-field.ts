import { nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { glyph } from './icons.ts';
import { html } from './html.ts';

/** What the search field shows, and what it does. */
export interface SearchField {
  readonly label: string;
  readonly placeholder: string;
  /** Names the button that clears it. */
  readonly clearLabel: string;
  readonly text: string;
  /** Screen readers can jump to it. Not for an element of which a page has several: their names would be alike. */
  readonly landmark?: boolean;
  /** The user typed; `done`: and wants to see what was found. */
  readonly search: (text: string, done: boolean) => void;
}

/** A labelled search field. The browser's own find can't see what an element does not render. Needs `searchStyles`. */
export function searchField({ label, placeholder, clearLabel, text, landmark, search }: SearchField): TemplateResult {
  const field = (event: Event): HTMLInputElement =>
    (event.currentTarget as HTMLElement).closest('.search')!.querySelector('input')!;
  const clear = (event: Event): void => {
    // Before the button goes away, and the focus with it.
    field(event).focus();
    search('', true);
  };
  return html`
    <div class="search" part="search" role=${landmark ? 'search' : nothing} aria-label=${landmark ? label : nothing}>
      ${glyph('search')}
      <input
        type="search"
        part="search-input"
        aria-label=${label}
        placeholder=${placeholder}
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
              aria-label=${clearLabel}
              @click=${clear}
            >
              ${glyph('cross')}
            </button>`
          : nothing
      }
    </div>
  `;
}
