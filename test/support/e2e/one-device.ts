import type { KeyInput } from 'puppeteer-core';
import type { CampaignPage } from './campaign-page.ts';

/** A way to use a page with one device and nothing else. */
export interface Device {
  readonly name: string;
  /** Presses an element, having got there. */
  press(view: CampaignPage, path: readonly string[]): Promise<void>;
  /** Opens the message of a tag, calls `read`, and closes it again. */
  readMessage(view: CampaignPage, tag: readonly string[], read: () => Promise<unknown>): Promise<void>;
}

/** So many keys lead from any place of the page to any other. */
const MOST_KEYS = 120;

/** Tab, arrow keys, Enter and Escape. */
export const keyboard: Device = {
  name: 'the keyboard',
  async press(view, path) {
    await reach(view, path);
    await view.press('Enter');
  },
  async readMessage(view, tag, read) {
    await reach(view, tag);
    await read();
    await view.press('Escape');
  },
};

/** One finger. */
export const touch: Device = {
  name: 'touch',
  async press(view, path) {
    await view.tap(...path);
  },
  async readMessage(view, tag, read) {
    await view.tap(...tag);
    await read();
    await view.tap(...tag.slice(0, -1), '[part=popup-close]');
  },
};

/** Moves the focus to an element: by Tab, and by arrow keys inside a grid. */
async function reach(view: CampaignPage, path: readonly string[]): Promise<void> {
  for (let keys = 0; keys < MOST_KEYS; keys++) {
    const target = await view.element(...path);
    const key = await target.evaluate(nextKey);
    if (key === '') return;
    await view.press(key as KeyInput);
  }
  throw new Error(`No ${MOST_KEYS} keys lead to ${path.join(' > ')}.`);
}

/** In the page: the key that leads closer to an element; `''` if it has the focus. */
function nextKey(target: HTMLElement): string {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (!focused || focused === target) return focused ? '' : 'Tab';
  const gridOf = (start: Element): Element | null => {
    for (let node: Node | null = start; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null)
      if (node instanceof Element && node.getAttribute('role') === 'grid') return node;
    return null;
  };
  const grid = gridOf(focused);
  if (!grid || grid !== gridOf(target)) return 'Tab';
  const [from, to] = [focused.getBoundingClientRect(), target.getBoundingClientRect()];
  if (to.top > from.bottom) return 'ArrowDown';
  if (to.bottom < from.top) return 'ArrowUp';
  return to.left > from.left ? 'ArrowRight' : 'ArrowLeft';
}
