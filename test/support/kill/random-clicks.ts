/** A simulated user who clicks the buttons of a list and records the result of each click. */
import assert from 'node:assert/strict';
import type { CampaignPage } from '../e2e/campaign-page.ts';
import { notedIn } from './effect-count.ts';
import { pause, until } from '../until.ts';

/**
 * The immediate result of a click: a request was made, one was already under way, or the button explained why it is
 * disabled.
 */
export type ClickResult = 'requested' | 'under way' | 'explained';

/** Two clicks on one button closer together than this (ms) are a double click. */
const APART_MS = 700;
/** Rows may move while the mouse is on its way. A click that misses is tried again this many times. */
const AIMS = 10;

export class RandomClicks {
  /** The number of clicks for each result. */
  readonly results: Record<ClickResult, number> = { requested: 0, 'under way': 0, explained: 0 };
  readonly #pressedAt = new Map<string, number>();

  constructor(private readonly view: CampaignPage) {}

  /** Clicks the button of a campaign with the mouse. @param twice as a double click, which is one intent */
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
      const { clicks } = await notedIn(view.page);
      if (clicks[before.clicks.length] !== name) continue;
      const results = await until(async (): Promise<ClickResult | undefined> => {
        if ((await notedIn(view.page)).requests.length > before.requests.length) return 'requested';
        if (await view.has(...button, '[part=popup]')) return 'explained';
        return underWay ? 'under way' : undefined;
      }, `a press of ${name} comes to something`);
      this.results[results]++;
      return;
    }
    assert.fail(`${name} was missed ${AIMS} times`);
  }

  /** The number of requests under way. */
  async pending(): Promise<number> {
    const { requests, outcomes } = await notedIn(this.view.page);
    return requests.length - outcomes.length;
  }

  async #middle(path: readonly string[]): Promise<{ readonly x: number; readonly y: number }> {
    const box = await (await this.view.element(...path)).boundingBox();
    assert.ok(box);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
}
