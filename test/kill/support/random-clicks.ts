/** Somebody who presses the buttons of a list, and knows what became of each press. */
import assert from 'node:assert/strict';
import type { CampaignPage } from '../../e2e/support/campaign-page.ts';
import { notedIn } from './effect-count.ts';
import { pause, until } from './until.ts';

/** What a press came to at once: it was asked for, or the button said why not. */
export type ClickResult = 'asked' | 'under way' | 'told why not';

/** Two presses of one button closer together than this (ms) are a double click. */
const APART_MS = 700;
/** Rows may move while the mouse is on its way; who misses aims again, so often. */
const AIMS = 10;

/** A pair of hands. */
export class RandomClicks {
  /** How often a press came to what. */
  readonly results: Record<ClickResult, number> = { asked: 0, 'under way': 0, 'told why not': 0 };
  readonly #pressedAt = new Map<string, number>();

  constructor(private readonly view: CampaignPage) {}

  /** Presses the button of a campaign, with the mouse. @param twice as a double click, which is one intent */
  async press(name: string, twice = false): Promise<void> {
    const { view } = this;
    const button = [...view.list, `row=${name}`, 'campaign-action-button'];
    const press = [...button, '[part=button]'];
    for (let aim = 0; aim < AIMS; aim++) {
      await pause((this.#pressedAt.get(name) ?? -Infinity) + APART_MS - performance.now());
      await view.press('Escape');
      await view.hover(...press);
      const before = await notedIn(view.page);
      const underWay = await view.has(...button, '[part=button][data-busy]');
      const { x, y } = await this.#middle(press);
      await view.page.mouse.click(x, y, { count: twice ? 2 : 1 });
      this.#pressedAt.set(name, performance.now());
      const { pressed } = await notedIn(view.page);
      if (pressed[before.pressed.length] !== name) continue;
      const results = await until(
        `a press of ${name} comes to something`,
        async (): Promise<ClickResult | undefined> => {
          if ((await notedIn(view.page)).asked.length > before.asked.length) return 'asked';
          if (await view.has(...button, '[part=popup]')) return 'told why not';
          return underWay ? 'under way' : undefined;
        },
      );
      this.results[results]++;
      return;
    }
    assert.fail(`${name} was missed ${AIMS} times`);
  }

  /** How many requests are under way. */
  async pending(): Promise<number> {
    const { asked, result } = await notedIn(this.view.page);
    return asked.length - result.length;
  }

  async #middle(path: readonly string[]): Promise<{ readonly x: number; readonly y: number }> {
    const box = await (await this.view.element(...path)).boundingBox();
    assert.ok(box);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
}
