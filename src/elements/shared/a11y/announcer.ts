/** Announces a text to a screen reader. */
export type Announce = (text: string) => void;

/** Announces nothing. */
export const silent: Announce = () => {};

const MARK = 'data-campaign-announcer';
/** Texts closer together than this (ms) would cut each other off. */
const SPACING_MS = 1000;
/** A region must be in the page before its first text, or that text is not read. */
const SETTLE_MS = 100;
const MAX_LENGTH = 160;

/**
 * The document's one live region, shared by all providers in it. Texts are spaced out; those that wait are said together, and
 * when they grow too long the oldest are dropped. Nothing is said while the page is hidden. While a modal dialog is open the
 * region stands in there: outside of it nothing is heard.
 */
export class Announcer {
  readonly #document: Document;
  static readonly #ofDocument = new WeakMap<Document, Announcer>();
  readonly #region: HTMLElement;
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextAt = 0;
  #waiting: string[] = [];

  private constructor(document: Document) {
    this.#document = document;

    const region = document.createElement('div');
    region.setAttribute('role', 'status');
    region.setAttribute('aria-atomic', 'true');
    region.setAttribute(MARK, '');
    for (const [name, value] of Object.entries({
      position: 'absolute',
      'inset-block-start': '0', // below the page it would add a pixel to scroll
      'inline-size': '1px',
      'block-size': '1px',
      overflow: 'hidden',
      'clip-path': 'inset(50%)',
      'white-space': 'nowrap',
    }))
      region.style.setProperty(name, value);
    this.#region = region;
  }

  /** Joins the document's region. @returns an announcer; `leave` releases it */
  static join(document: Document): { readonly announce: Announce; leave(): void } {
    let announcer = Announcer.#ofDocument.get(document);
    if (!announcer) Announcer.#ofDocument.set(document, (announcer = new Announcer(document)));
    const joined = announcer;
    let member = true;
    joined.#enter();
    return {
      announce: (text) => {
        if (member) joined.#enqueue(text);
      },
      leave: () => {
        if (member) joined.#leave();
        member = false;
      },
    };
  }

  #enter(): void {
    if (this.#users++ === 0) this.#place();
  }

  #leave(): void {
    if (--this.#users > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#region.textContent = '';
    this.#region.remove();
  }

  #enqueue(text: string): void {
    if (this.#document.hidden || !text) return;
    if (!this.#waiting.includes(text)) this.#waiting.push(text);
    while (this.#waiting.length > 1 && this.#waiting.join(' ').length > MAX_LENGTH) this.#waiting.shift();
    this.#schedule();
  }

  /** Moves the region into an open modal dialog or back; texts wait until it has settled. @returns whether it was moved */
  #place(): boolean {
    const home = openModal(this.#document) ?? this.#document.body;
    if (this.#region.parentNode === home) return false;
    home.append(this.#region);
    this.#nextAt = Math.max(this.#nextAt, performance.now() + SETTLE_MS);
    return true;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#place();
    this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#nextAt - performance.now()));
  }

  #speak(): void {
    this.#timer = undefined;
    // A dialog may have been opened or closed meanwhile.
    if (this.#place()) return this.#schedule();
    this.#nextAt = performance.now() + SPACING_MS;
    const whole = this.#waiting.join(' ');
    this.#waiting = [];
    const text = whole.length > MAX_LENGTH ? `${whole.slice(0, MAX_LENGTH - 1)}…` : whole;
    // A region whose text does not change is not read, so the text is removed first.
    if (this.#region.textContent === text) this.#region.textContent = '';
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#region.textContent = text;
      if (this.#waiting.length) this.#schedule();
    }, 50);
  }
}

/** The modal dialog that has the focus; everything outside it is inert. */
function openModal(document: Document): Element | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  for (let node: Node | null = active; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null)
    if (node instanceof HTMLDialogElement && node.matches(':modal')) return node;
  return [...document.querySelectorAll('dialog:modal')].at(-1);
}
