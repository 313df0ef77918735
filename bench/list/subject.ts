/** What every list under measurement does. One module for each calls {@link exposeList}. */
import { campaigns, ChangeSource, sortedIds, withStatus, type Campaign } from '../data/campaigns.ts';
import { measured } from '../marks.ts';

export interface ListQuery {
  readonly sort: 'name' | 'at';
  readonly descending: boolean;
  /** Empty: all. */
  readonly statuses: readonly string[];
}

export interface ListSubject {
  /** Shows all campaigns by name in a box of a fixed size. Names and statuses are cells of their own. */
  mount(box: HTMLElement, rows: readonly Campaign[]): void | Promise<void>;
  /** Shows other rows, or in another order. It stays that way while rows change. */
  query(query: ListQuery): void | Promise<void>;
  /** Takes some changed campaigns. */
  apply(rows: readonly Campaign[]): void;
  /** What scrolls. */
  scroller(): Element;
  /** The rendered rows, in any order. */
  rows(): Iterable<Element>;
}

/** A list that changes: only what its rows say, or also which rows it shows and in which order. */
export const STREAMS = {
  plain: { sort: 'name', descending: false, statuses: [] },
  'by name': { sort: 'name', descending: false, statuses: ['active', 'error'] },
  'by time': { sort: 'at', descending: true, statuses: [] },
} as const satisfies Record<string, ListQuery>;

export type Stream = keyof typeof STREAMS;

const BOX = { width: 1000, height: 700 };
/** A frame scrolls by about ten rows. */
const SCROLL_PX = 400;
const SCROLL_FRAMES = 60;
const FRAMES_PER_SECOND = 60;
/** Orders may be shown late, so that rows can be read. */
const SETTLED_MS = 1_500;

interface StreamCount {
  /** Changes that were made. */
  readonly changes: number;
  /** Frames, of those that the display had time for. */
  readonly frames: number;
}

export interface ListPage {
  load(size: number): void;
  mount(name: string): Promise<void>;
  query(name: string, query: ListQuery): Promise<void>;
  scroll(name: string): Promise<void>;
  stream(name: string, perSecond: number, ms: number): Promise<StreamCount>;
  /** @returns what is wrong with what is shown, or `''` */
  check(query: ListQuery): Promise<string>;
}

export function exposeList(subject: ListSubject): void {
  const box = document.createElement('div');
  Object.assign(box.style, { width: `${BOX.width}px`, height: `${BOX.height}px`, position: 'relative' });
  document.body.append(box);
  let source = new ChangeSource([]);
  /** Until what was done is painted. */
  const painted = (name: string, work: () => void | Promise<void>): Promise<void> =>
    measured(name, async () => {
      await work();
      await frame();
      await frame();
    });

  const page: ListPage = {
    load(size) {
      source = new ChangeSource(campaigns(size));
    },
    mount: (name) => painted(name, () => subject.mount(box, [...source.rows])),
    query: (name, query) => painted(name, () => subject.query(query)),
    scroll: (name) =>
      measured(name, async () => {
        const scroller = subject.scroller();
        for (let step = 0; step < SCROLL_FRAMES; step++) {
          scroller.scrollTop += SCROLL_PX;
          await frame();
        }
        scroller.scrollTop = 0;
        await frame();
      }),
    async stream(name, perSecond, ms) {
      const size = Math.round(perSecond / FRAMES_PER_SECOND);
      const batches = Array.from({ length: (ms / 1000) * FRAMES_PER_SECOND }, () => source.batch(size));
      let frames = 0;
      await measured(name, async () => {
        const began = performance.now();
        // Changes come when they come; a list that is slow gets several batches within one of its frames.
        for (let sent = 0; sent < batches.length; frames++) {
          const due = Math.min(batches.length, ((performance.now() - began) / 1000) * FRAMES_PER_SECOND + 1);
          for (; sent < Math.floor(due); sent++) subject.apply(batches[sent] as Campaign[]);
          await frame();
        }
      });
      return { changes: batches.length * size, frames: frames / batches.length };
    },
    async check({ sort, descending, statuses }) {
      subject.scroller().scrollTop = 0;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      await frame();
      const byId = new Map(source.rows.map((row) => [row.id, row]));
      const ids = sortedIds(withStatus(source.rows, statuses), sort);
      if (descending) ids.reverse();
      const shown = inSight(box, subject.rows());
      if (shown.length < 10) return `it shows ${shown.length} rows`;
      for (const [index, row] of shown.entries()) {
        const expected = byId.get(ids[index] as string);
        const text = textOf(row).toLowerCase();
        if (!expected || !text.includes(expected.name.toLowerCase()))
          return `row ${index} is "${text.slice(0, 80)}", not "${expected?.name}"`;
        if (!text.includes(expected.status)) return `row ${index}, "${expected.name}", is not ${expected.status}`;
      }
      return '';
    },
  };
  Object.assign(globalThis, { page });
}

/** The rows that are wholly in the box, from top to bottom. Their own place counts, since some lists recycle their nodes. */
function inSight(box: HTMLElement, rows: Iterable<Element>): Element[] {
  const all = [...rows];
  const { top, bottom } = box.getBoundingClientRect();
  const from = all[0] ? Math.max(top, clipTop(all[0])) : top;
  return all
    .map((row) => ({ row, place: row.getBoundingClientRect() }))
    .filter(({ place }) => place.height > 5 && place.top >= from - 1 && place.bottom <= bottom)
    .sort((a, b) => a.place.top - b.place.top)
    .map(({ row }) => row);
}

/** Where the box begins that an element scrolls in. */
function clipTop(element: Element): number {
  for (let at = parentOf(element); at; at = parentOf(at))
    if (getComputedStyle(at).overflowY !== 'visible') return at.getBoundingClientRect().top;
  return 0;
}

function parentOf(node: Element): Element | null {
  if (node.assignedSlot) return node.assignedSlot;
  const root = node.getRootNode();
  return node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** All that a reader sees of it, in slots and shadow roots too. */
function textOf(node: Node): string {
  if (node instanceof Text) return `${node.data} `;
  if (node instanceof HTMLStyleElement) return '';
  if (node instanceof HTMLSlotElement && node.assignedNodes().length) return node.assignedNodes().map(textOf).join('');
  const children = node instanceof Element && node.shadowRoot ? node.shadowRoot.childNodes : node.childNodes;
  return [...children].map(textOf).join('');
}

/** Until the next frame was painted. */
function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}
