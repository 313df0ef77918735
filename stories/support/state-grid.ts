/** Lays out many states of one element, each with a caption, so that they can be compared. */
import { html, nothing, type TemplateResult } from 'lit';
import './story.styles.ts';

/** One state. */
export interface GridItem {
  readonly title: unknown;
  /** What to look for. */
  readonly note?: unknown;
  readonly content: unknown;
}

/** A group of states under a heading. */
export function stateGrid(heading: string, items: readonly GridItem[], wide = false): TemplateResult {
  return html`<section class="states">
    <h2>${heading}</h2>
    <div class="states-grid" ?data-wide=${wide}>
      ${items.map(
        ({ title, note, content }) =>
          html`<figure>
            <figcaption>${title}${note === undefined ? nothing : html`<span>${note}</span>`}</figcaption>
            ${content}
          </figure>`,
      )}
    </div>
  </section>`;
}

/** A page of groups. */
export function sheet(...content: readonly unknown[]): TemplateResult {
  return html`<div class="sheet">${content}</div>`;
}
