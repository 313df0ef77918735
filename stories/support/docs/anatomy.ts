/** A real element with its parts outlined and numbered, and the list of them. */
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { docsOf } from './manifest.ts';
import { DocsElement, text } from './docs-element.ts';
import { prepareSample, sampleOf } from './samples.ts';

/** The size of a number. */
const NUMBER = 18;

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

/** `<story-anatomy element="campaign-list">` */
export class StoryAnatomy extends DocsElement {
  static override readonly styles = [
    ...DocsElement.styles,
    css`
      .stage {
        position: relative;
        isolation: isolate;
        padding: 28px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--page);
      }
      .marks {
        position: absolute;
        inset: 0;
        z-index: 9; /* above the sticky header of a list */
        pointer-events: none;
      }
      .outline {
        position: absolute;
        inset: 0 auto auto 0;
        border: 1px dashed color-mix(in srgb, var(--accent) 70%, transparent);
        border-radius: 3px;
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
      ol:not(:has(li:not(.shown))) + p {
        display: none;
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
        :is(campaign-status-tag, campaign-action-button) {
          --campaign-font-size: 18px;
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
    return html`<div class="stage">
        ${sampleOf(this.element)}
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
    const sample = this.#sample;
    prepareSample(sample);
    const { left, top, width } = this.stage.getBoundingClientRect();
    const inStage = (box: DOMRect): Box => new DOMRect(box.x - left, box.y - top, box.width, box.height);
    const contents = contentBoxes(sample.shadowRoot!).map(inStage);
    const taken: Box[] = [];
    const marks: HTMLElement[] = [];
    for (const [index, item] of this.renderRoot.querySelectorAll('li').entries()) {
      const name = item.dataset['part']!;
      const places = boxesOf(sample, name)
        .map(inStage)
        .map((box) => ({ box, ...bestPlace(box, width, contents, taken) }));
      const best = places.reduce<(typeof places)[number] | undefined>(
        (one, other) => (one && one.cost <= other.cost ? one : other),
        undefined,
      );
      item.classList.toggle('shown', !!best);
      if (!best) continue;
      const outline = mark('outline', best.box);
      outline.style.inlineSize = `${best.box.width}px`;
      outline.style.blockSize = `${best.box.height}px`;
      outline.dataset['of'] = name;
      const number = mark('number', best.place);
      number.textContent = String(index + 1);
      taken.push(best.place);
      marks.push(outline, number);
    }
    this.marks.replaceChildren(...marks);
  }

  #highlight(part: string | undefined): void {
    for (const outline of this.marks.querySelectorAll<HTMLElement>('.outline'))
      outline.classList.toggle('current', outline.dataset['of'] === part);
  }
}

function mark(name: string, { x, y }: Place): HTMLElement {
  const made = document.createElement('span');
  made.className = name;
  made.style.transform = `translate(${x}px, ${y}px)`;
  return made;
}

/** The boxes with this part that are in sight, at most six. */
function boxesOf(sample: Element, name: string): DOMRect[] {
  return [...sample.shadowRoot!.querySelectorAll(`[part~="${name}"]`)]
    .map((part) => visibleBox(part, sample))
    .filter((box) => box.width > 0 && box.height > 0)
    .slice(0, 6);
}

/** As much of a part as no scroller hides. Empty if that is less than a line. */
function visibleBox(part: Element, sample: Element): DOMRect {
  const whole = part.getBoundingClientRect();
  let { top, bottom } = whole;
  const scrollers = [...ancestors(part, sample)].filter((element) => getComputedStyle(element).overflowY !== 'visible');
  for (const scroller of scrollers) {
    const outer = scroller.getBoundingClientRect();
    top = Math.max(top, outer.top);
    bottom = Math.min(bottom, outer.bottom);
  }
  return bottom - top < Math.min(NUMBER / 2, whole.height)
    ? new DOMRect()
    : new DOMRect(whole.x, top, whole.width, bottom - top);
}

/** The elements around a part, up to the element that has it. */
function* ancestors(part: Element, sample: Element): Generator<Element> {
  for (let element = part.parentElement; element; element = element.parentElement) yield element;
  yield sample;
}

/** Where texts, icons and check boxes are, which a number should not cover. */
function contentBoxes(root: ParentNode): DOMRect[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.shadowRoot ? contentBoxes(element.shadowRoot) : []),
    ...(element.matches('svg, [type=checkbox]') ? [element.getBoundingClientRect()] : []),
    ...[...element.childNodes].filter((node) => node instanceof Text && node.data.trim()).flatMap(boxesOfText),
  ]);
}

function boxesOfText(text: Node): DOMRect[] {
  const range = document.createRange();
  range.selectNodeContents(text);
  return [...range.getClientRects()];
}

/** The place beside a part where its number covers least. */
function bestPlace(
  { x, y, width, height }: Box,
  within: number,
  contents: readonly Box[],
  taken: readonly Box[],
): { readonly place: Box; readonly cost: number } {
  const middle = y + height / 2 - NUMBER / 2;
  const corners = [
    ...[0, 1, 2, 3].map((step) => [x + step * (NUMBER + 1), y - NUMBER - 1] as const),
    [x - NUMBER - 2, middle],
    [x + width - NUMBER, y - NUMBER - 1],
    [x + width + 2, middle],
    [x - NUMBER / 2, y - NUMBER / 2],
    [x + width - NUMBER / 2, y - NUMBER / 2],
    [x, y + height + 1],
    [x + width - NUMBER, middle],
  ] as const;
  return corners
    .map(([left, top]) => {
      const place = new DOMRect(Math.min(Math.max(0, left), within - NUMBER), Math.max(0, top), NUMBER, NUMBER);
      const covered = (boxes: readonly Box[]): number => boxes.reduce((sum, box) => sum + overlap(place, box), 0);
      return { place, cost: covered(contents) + 10 * covered(taken) };
    })
    .reduce((one, other) => (other.cost < one.cost ? other : one));
}

/** How many square pixels two boxes share. */
function overlap(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return width > 0 && height > 0 ? width * height : 0;
}

customElements.get('story-anatomy') ?? customElements.define('story-anatomy', StoryAnatomy);
