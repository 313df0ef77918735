/** What an element costs a page, from the budgets that CI holds. */
import { html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import budgets from '../../../tools/size-budgets.json' with { type: 'json' };
import { DocsElement, table } from './docs-element.ts';

const all: Readonly<Record<string, { readonly first: number; readonly lazy: number }>> = budgets;
const kB = (value: number): string => `${value.toFixed(1)} kB`;

/** `<story-size element="campaign-list">` */
export class StorySize extends DocsElement {
  @property() element = '';

  protected override render(): TemplateResult {
    const rows = [
      [`./${this.element}/define`, `This element, alone`],
      ['./define', 'All elements of the kit'],
    ].map(([entry = '', what]) => {
      const budget = all[entry];
      if (!budget) throw new Error(`There is no budget for ${entry}.`);
      return [what, html`<code>campaign-status-kit${entry.slice(1)}</code>`, kB(budget.first), kB(budget.lazy)];
    });
    return table('Size', ['What', 'Import', 'At first', 'Later, when it is needed'], rows);
  }
}

customElements.get('story-size') ?? customElements.define('story-size', StorySize);
