import type { Announce } from './announce.ts';

const MARK = 'data-campaign-announcer';
/** Texts closer together than this (ms) would cut each other off. */
const SPACING_MS = 1000;
/** A region must be in the page before its first text, or that text is not read. */
const SETTLE_MS = 100;
const MAX_LENGTH = 160;

interface Utterance {
  readonly text: string;
  readonly lang: string;
}

/**
 * The document's one live region, shared by all providers in it. Texts are spaced out; those that wait are said together, and
 * when they grow too long the oldest are dropped. Nothing is said while the page is hidden. While a modal dialog is open the
 * region stands in there: outside of it nothing is heard. A dialog in a closed root is found from the members inside it.
 */
export class Announcer {
  readonly #document: Document;
  static readonly #ofDocument = new WeakMap<Document, Announcer>();
  readonly #region: HTMLElement;
  readonly #members = new Set<Element>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextAt = 0;
  #waiting: Utterance[] = [];

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

  /** Joins the region of a member's document. @returns an announcer; `leave` releases it */
  static join(member: Element): { readonly announce: Announce; leave(): void } {
    const document = member.ownerDocument;
    let announcer = Announcer.#ofDocument.get(document);
    if (!announcer) Announcer.#ofDocument.set(document, (announcer = new Announcer(document)));
    const joined = announcer;
    const present = (): boolean => joined.#members.has(member);
    joined.#enter(member);
    return {
      announce: (text, lang = '') => {
        if (present()) joined.#enqueue(text, lang);
      },
      leave: () => {
        if (present()) joined.#leave(member);
      },
    };
  }

  #enter(member: Element): void {
    this.#members.add(member);
    if (this.#members.size === 1) this.#place();
  }

  #leave(member: Element): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#region.textContent = '';
    this.#region.remove();
  }

  #enqueue(text: string, lang: string): void {
    if (this.#document.hidden || !text) return;
    if (!this.#waiting.some((one) => one.text === text)) this.#waiting.push({ text, lang });
    while (this.#waiting.length > 1 && textOf(this.#waiting).length > MAX_LENGTH) this.#waiting.shift();
    this.#schedule();
  }

  /** Moves the region into an open modal dialog or back; texts wait until it has settled. @returns whether it was moved */
  #place(): boolean {
    const home = openModal(this.#document, this.#members) ?? this.#document.body;
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
    // One region has one language, and so one voice.
    const lang = this.#waiting[0]?.lang ?? '';
    const others = this.#waiting.findIndex((one) => one.lang !== lang);
    const whole = textOf(this.#waiting.splice(0, others < 0 ? this.#waiting.length : others));
    const text = whole.length > MAX_LENGTH ? `${whole.slice(0, MAX_LENGTH - 1)}…` : whole;
    // A region whose text does not change is not read, so the text is removed first.
    if (this.#region.textContent === text) this.#region.textContent = '';
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#region.lang = lang;
      this.#region.textContent = text;
      if (this.#waiting.length) this.#schedule();
    }, 50);
  }
}

function textOf(utterances: readonly Utterance[]): string {
  return utterances.map(({ text }) => text).join(' ');
}

/** The modal dialog that has the focus; everything outside it is inert. */
function openModal(document: Document, members: Iterable<Element>): Element | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  for (const member of members) {
    // A closed root shows its host in place of what has the focus in it. Its dialog is on the way up from a member in there.
    const way = wayUp(member);
    const hidden = active ? way.slice(0, Math.max(0, way.indexOf(active))) : [];
    const modal = hidden.find((element) => isModal(element) && element.getRootNode() !== document);
    if (modal) return modal;
  }
  return wayUp(active).find(isModal) ?? [...document.querySelectorAll('dialog:modal')].at(-1);
}

function isModal(element: Element): boolean {
  return element instanceof HTMLDialogElement && element.matches(':modal');
}

/** An element and all around it, through slots and shadow roots. */
function wayUp(element: Element | null): readonly Element[] {
  const way: Element[] = [];
  let node: Node | null = element;
  while (node) {
    if (node instanceof Element) way.push(node);
    node = (node as Partial<Element>).assignedSlot ?? node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
  }
  return way;
}
