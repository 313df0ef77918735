/** A pair of pictures: what to do, and what not. Both are drawn with real elements. */
import { css, html, type TemplateResult } from 'lit';
import { DocsElement } from './docs-element.ts';

/** Slots: `do`, `do-text`, `dont`, `dont-text`. */
export class StoryPair extends DocsElement {
  static override readonly styles = [
    ...DocsElement.styles,
    css`
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
        gap: 16px;
      }
      figure {
        display: grid;
        grid-row: span 2;
        grid-template-rows: subgrid;
        gap: 0;
        margin: 0;
        border: 1px solid var(--line);
        border-radius: 10px;
        overflow: hidden;
      }
      .picture {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 8px 12px;
        min-block-size: 72px;
        min-inline-size: 0;
        padding: 20px;
        background: var(--page);
      }
      figcaption ::slotted(*) {
        font-size: 13px;
        line-height: 18px;
      }
      .picture ::slotted(*) {
        min-inline-size: 0;
      }
      figcaption {
        padding: 10px 16px 12px;
        border-block-start: 3px solid light-dark(#029369, #46dbaa);
        background: var(--subtle);
      }
      .dont figcaption {
        border-block-start: 3px dashed light-dark(#9d011b, #ec5560);
      }
      b {
        display: flex;
        align-items: center;
        gap: 6px;
        font-weight: 600;
      }
      svg {
        inline-size: 14px;
        block-size: 14px;
        fill: none;
        stroke: currentColor;
        stroke-width: 2.5;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="pair">
      <figure>
        <div class="picture"><slot name="do"></slot></div>
        <figcaption>
          <b
            ><svg viewBox="0 0 16 16" aria-hidden="true"><path d="m2 9 4 4 8-10" /></svg> Do</b
          >
          <slot name="do-text"></slot>
        </figcaption>
      </figure>
      <figure class="dont">
        <div class="picture"><slot name="dont"></slot></div>
        <figcaption>
          <b
            ><svg viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg> Don’t</b
          >
          <slot name="dont-text"></slot>
        </figcaption>
      </figure>
    </div>`;
  }
}

customElements.get('story-pair') ?? customElements.define('story-pair', StoryPair);
