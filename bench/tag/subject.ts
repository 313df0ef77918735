/** What every tag under measurement does. One module for each calls {@link exposeTag}. */
import { measured } from '../marks.ts';
import type { Status } from '../data/campaigns.ts';

export interface TagSubject {
  /** Where the tags go; the page's body if absent. */
  readonly container?: HTMLElement;
  /** A tag of the campaign with this number, not yet in the page. */
  create(index: number, status: Status): HTMLElement;
  /** Shows another status. */
  flip(tag: HTMLElement, index: number, status: Status): void;
  /** Called after all flips of a measurement, where a subject applies them together. */
  flush?(): void;
  /** Waits until everything is rendered, where that takes a frame. */
  rendered?(): Promise<unknown>;
}

export const LABELS: Readonly<Record<Status, string>> = { inactive: 'Inactive', active: 'Active', error: 'Error' };
export const MESSAGE = 'The channel refused the message: the address book is empty.';
const STATUSES = ['inactive', 'active', 'error'] as const;

/** What one tag is made of. */
interface TagParts {
  /** The tag itself and all elements in its shadow roots. */
  readonly elements: number;
  readonly adoptedSheets: number;
}

export interface TagPage {
  insert(name: string, count: number): Promise<void>;
  flip(name: string, count: number): Promise<void>;
  parts(): TagParts;
  /** @returns what is wrong with the final state, or `''` */
  check(): string;
  remove(): Promise<void>;
}

export function exposeTag({ container = document.body, create, flip, flush, rendered }: TagSubject): void {
  if (!container.isConnected) document.body.append(container);
  const tags: HTMLElement[] = [];
  const statuses: Status[] = [];

  /** Does the work, and has all of it rendered, first without a frame, then with. */
  const timed = (name: string, work: () => void): Promise<void> =>
    measured(name, async () => {
      await measured(`${name}/script`, async () => {
        work();
        await microtasks();
        await rendered?.();
      });
      await frame();
    });

  const page: TagPage = {
    insert: (name, count) =>
      timed(name, () => {
        const fragment = document.createDocumentFragment();
        for (let i = 0; i < count; i++) {
          const status = STATUSES[i % STATUSES.length] as Status;
          const tag = create(i, status);
          statuses.push(status);
          tags.push(tag);
          fragment.append(tag);
        }
        container.append(fragment);
      }),
    flip: (name, count) =>
      timed(name, () => {
        for (let i = 0; i < count; i++) {
          const next = STATUSES[(STATUSES.indexOf(statuses[i] as Status) + 1) % STATUSES.length] as Status;
          statuses[i] = next;
          flip(tags[i] as HTMLElement, i, next);
        }
        flush?.();
      }),
    parts() {
      const [tag] = tags;
      return { elements: tag ? elementsIn(tag) : 0, adoptedSheets: tag?.shadowRoot?.adoptedStyleSheets.length ?? 0 };
    },
    check() {
      const wrong = tags.findIndex((tag, index) => !shownText(tag).includes(LABELS[statuses[index] as Status]));
      if (wrong >= 0) return `tag ${wrong} does not show "${LABELS[statuses[wrong] as Status]}"`;
      const small = tags.findIndex((tag) => tag.getBoundingClientRect().height < 5);
      return small >= 0 ? `tag ${small} is not visible` : '';
    },
    async remove() {
      for (const tag of tags) tag.remove();
      tags.length = 0;
      statuses.length = 0;
      await frame();
    },
  };
  Object.assign(globalThis, { page });
}

/** Lets pending promises finish, without a frame in between. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** Until the next frame was painted. */
function frame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

function elementsIn(root: Element | ShadowRoot): number {
  const inside = root instanceof Element && root.shadowRoot ? elementsIn(root.shadowRoot) : 0;
  const self = root instanceof Element ? 1 : 0;
  return [...root.children].reduce((sum, child) => sum + elementsIn(child), self + inside);
}

function shownText(tag: HTMLElement): string {
  return `${tag.shadowRoot?.textContent ?? ''} ${tag.textContent}`;
}
