/** A real element with its parts outlined and numbered, and the list of them. */
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { docsOf } from './manifest.ts';
import { DocsElement, text } from './docs-element.ts';
import { prepareSample, sampleOf } from './samples.ts';

/** The size of a number, and how far apart two must be. */
const NUMBER = 18;

interface Box {
  readonly x: number;
  readonly y: number;
}

/** `<story-anatomy element="campaign-list">` */
export class StoryAnatomy extends DocsElement {
  static override readonly styles = [
    ...DocsElement.styles,
    css`
      .stage {
        position: relative;
        padding: 28px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--page);
      }
      .outline {
        position: absolute;
        inset: 0 auto auto 0;
        border: 1px dashed color-mix(in srgb, var(--accent) 70%, transparent);
        border-radius: 3px;
        pointer-events: none;
      }
      .outline.current {
        border: 2px solid var(--accent);
        background: color-mix(in srgb, var(--accent) 16%, transparent);
      }
      .number {
        display: inline-grid;
        place-items: center;
        inline-size: 18px;
        block-size: 18px;
        border-radius: 9px;
        background: var(--accent);
        color: var(--on-accent);
        font:
          600 10px/1 system-ui,
          sans-serif;
        font-variant-numeric: tabular-nums;
      }
      .marks .number {
        position: absolute;
        inset: 0 auto auto 0;
        box-shadow: 0 0 0 1px var(--page);
        pointer-events: none;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
        gap: 8px 24px;
        margin: 16px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 18px minmax(0, 1fr);
        align-content: start;
        gap: 0 8px;
        padding: 2px 4px;
        border-radius: 6px;
      }
      li:hover {
        background: var(--subtle);
      }
      li > span:last-child {
        grid-column: 2;
        color: var(--quiet);
        font-size: 13px;
      }
      li:not(.shown) .number {
        background: transparent;
        box-shadow: inset 0 0 0 1px var(--edge);
        color: var(--quiet);
      }
      ol + p {
        margin-block-start: 12px;
        font-size: 13px;
      }
      :is(campaign-status-tag, campaign-action-button) {
        --campaign-font-size: 24px;
      }
      .boxed {
        block-size: 26rem;
      }
      @media (max-width: 40rem) {
        .stage {
          padding: 20px 10px;
        }
      }
    `,
  ];

  @property() element = '';
  @query('.stage') private readonly stage!: HTMLElement;
  @query('.marks') private readonly marks!: HTMLElement;

  readonly #resizes = new ResizeObserver(() => this.#mark());
  readonly #changes = new MutationObserver(() => this.#mark());
  #frame = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#changes.disconnect();
  }

  protected override render(): TemplateResult {
    const { cssParts = [] } = docsOf(this.element);
    return html`<div class="stage">${sampleOf(this.element)}
        <div class="marks" aria-hidden="true"></div>
      </div>
      <ol>
        ${cssParts.map(
          ({ name, description }, index) =>
            html`<li
              data-part=${name}
              @pointerenter=${() => this.#highlight(name)}
              @pointerleave=${() => this.#highlight(undefined)}
            >
              <span class="number">${index + 1}</span><code>${name}</code><span>${text(description)}</span>
            </li>`,
        )}
      </ol>
      <p class="quiet">A part without a filled number is there only at times; its states below show it.</p>`;
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    const root = this.#sample.shadowRoot!;
    this.#changes.observe(root, { childList: true, subtree: true });
    this.#resizes.observe(this.stage);
    for (const item of this.renderRoot.querySelectorAll('li')) this.#resizes.observe(item);
  }

  get #sample(): Element {
    return this.stage.querySelector(this.element)!;
  }

  #mark(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    prepareSample(this.#sample);
    const origin = this.stage.getBoundingClientRect();
    const taken: Box[] = [];
    const marks: HTMLElement[] = [];
    for (const [index, item] of this.renderRoot.querySelectorAll('li').entries()) {
      const part = partOf(this.#sample.shadowRoot!, item.dataset['part']!);
      item.classList.toggle('shown', !!part);
      if (!part) continue;
      const { left, top, width, height } = part;
      const outline = mark('outline', { x: left - origin.left - 1, y: top - origin.top - 1 });
      outline.style.inlineSize = `${width}px`;
      outline.style.blockSize = `${height}px`;
      outline.dataset['of'] = item.dataset['part'];
      // Above a small part, so that it stays in sight; at the corner of a large one.
      const above = height < 60 ? NUMBER + 1 : NUMBER / 2;
      const corner = { x: Math.max(0, left - origin.left), y: Math.max(0, top - origin.top - above) };
      const place = freePlace(corner, origin.width, taken);
      taken.push(place);
      const number = mark('number', place);
      number.textContent = String(index + 1);
      marks.push(outline, number);
    }
    this.marks.replaceChildren(...marks);
  }

  #highlight(part: string | undefined): void {
    for (const outline of this.marks.querySelectorAll<HTMLElement>('.outline'))
      outline.classList.toggle('current', outline.dataset['of'] === part);
  }
}

function mark(name: string, { x, y }: Box): HTMLElement {
  const made = document.createElement('span');
  made.className = name;
  made.style.transform = `translate(${x}px, ${y}px)`;
  return made;
}

/** The first box on the page with this part. */
function partOf(root: ShadowRoot, name: string): DOMRect | undefined {
  return [...root.querySelectorAll(`[part~="${name}"]`)]
    .map((part) => part.getBoundingClientRect())
    .find(({ width, height }) => width > 0 && height > 0);
}

/** The first place at or after a corner that no other number has. */
function freePlace({ x, y }: Box, width: number, taken: readonly Box[]): Box {
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 8; column++) {
      const place = { x: x + column * (NUMBER + 1), y: y + row * (NUMBER + 1) };
      if (place.x + NUMBER > width) break;
      if (taken.every((other) => Math.abs(other.x - place.x) >= NUMBER || Math.abs(other.y - place.y) >= NUMBER))
        return place;
    }
  return { x, y };
}

customElements.get('story-anatomy') ?? customElements.define('story-anatomy', StoryAnatomy);
