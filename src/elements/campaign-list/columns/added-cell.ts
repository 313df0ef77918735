import type { CampaignView } from '../../../store/types.ts';
import { make, writeText } from '../../shared/dom/write.ts';
import { visibleText } from '../../shared/text/status-text.ts';
import type { ColumnTexts } from './column-texts.ts';
import type { CellContent, ListColumn } from './list-column.ts';

/** The list that a cell stands in. */
export interface CellSurroundings {
  /** The list, among whose children the contents of cells stand, so that the page's styles apply to them. */
  readonly host: HTMLElement;
  readonly texts: Pick<ColumnTexts, 'textOf' | 'report'>;
}

/** What Tab stops at. */
const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]';
let slots = 0;

/** A cell of a column that the host has added: a text, or what the host renders in its place. */
export class AddedCell {
  readonly element: HTMLElement;
  readonly #column: ListColumn;
  readonly #list: CellSurroundings;
  readonly #text = make('bdi', { class: 'value' });
  /** What the host renders into, while it does. */
  #outlet: HTMLElement | undefined;
  #content: CellContent | undefined;
  #additions: MutationObserver | undefined;

  constructor(column: ListColumn, list: CellSurroundings) {
    this.#column = column;
    this.#list = list;
    const { key, heading, align } = column;
    this.element = make(
      'div',
      {
        class: align === 'end' ? 'cell added end' : 'cell added',
        part: `cell cell-${key}`,
        role: 'gridcell',
        tabindex: '-1',
        'data-heading': visibleText(heading),
      },
      this.#text,
    );
  }

  /** Shows a campaign. */
  show(view: CampaignView): void {
    const text = visibleText(this.#list.texts.textOf(this.#column, view));
    writeText(this.#text, text);
    this.element.ariaLabel = (this.#render(view) && text) || null;
  }

  /** Takes away what the host has rendered. */
  clear(): void {
    const content = this.#content;
    this.#additions?.disconnect();
    this.#outlet?.remove();
    this.#outlet = this.#content = this.#additions = undefined;
    this.element.replaceChildren(this.#text);
    // React can't take a root away in the middle of an update of its own, which may be what removes the list.
    if (content) queueMicrotask(() => this.#attempt(() => content.remove?.()));
  }

  /** @returns whether something else than the text is to be seen */
  #render(view: CampaignView): boolean {
    if (!this.#column.render) return false;
    const rendered = this.#attempt(() => (this.#content ??= this.#begin()).update(view));
    if (!rendered) this.clear();
    return rendered;
  }

  #begin(): CellContent {
    const name = `cell-${slots++}`;
    const outlet = (this.#outlet = make('div', { slot: name }));
    // Not at the end: Lit takes away what follows the last value of a template.
    this.#list.host.prepend(outlet);
    this.element.replaceChildren(make('slot', { name }));
    this.#additions = new MutationObserver(() => fitControls(outlet));
    this.#additions.observe(outlet, { childList: true, subtree: true });
    return this.#column.render!(outlet);
  }

  #attempt(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#list.texts.report(this.#column, error);
      return false;
    }
  }
}

/** Makes a host's controls part of the grid: Tab stops once in all of it, and a cell gives its focus to the first link or button in it. */
function fitControls(outlet: HTMLElement): void {
  let first = outlet.querySelector('[data-control]');
  for (const element of outlet.querySelectorAll<HTMLElement>('*')) {
    if (element === first || !(element.matches(STOPS) || element.shadowRoot?.delegatesFocus)) continue;
    element.tabIndex = -1;
    // In a field, the keys of the grid have another meaning.
    if (first || element.matches('input, select, textarea')) continue;
    first = element;
    element.dataset['control'] = '';
  }
}
