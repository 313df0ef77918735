import type { TemplateResult } from 'lit';
import { html } from './html.ts';

/** A real heading of this level; an invalid level counts as the nearest valid one. With the class and part `heading`. */
export function heading(level: number, content: unknown, id = 'heading'): TemplateResult {
  switch (Math.round(level) || 2) {
    case 2:
      return html`<h2 id=${id} class="heading" part="heading">${content}</h2>`;
    case 3:
      return html`<h3 id=${id} class="heading" part="heading">${content}</h3>`;
    case 4:
      return html`<h4 id=${id} class="heading" part="heading">${content}</h4>`;
    case 5:
      return html`<h5 id=${id} class="heading" part="heading">${content}</h5>`;
    default:
      return level > 5
        ? html`<h6 id=${id} class="heading" part="heading">${content}</h6>`
        : html`<h1 id=${id} class="heading" part="heading">${content}</h1>`;
  }
}
