import type { Browser, ElementHandle, Page } from 'puppeteer-core';
import { replaceTexts } from '../elements/replace-texts.ts';
import { compare } from '../pictures/compare.ts';
import { settle, stopClock } from '../pictures/in-page.ts';
import { decode, type Picture } from '../pictures/picture.ts';
import { until } from '../until.ts';
import { cutOff, shownText } from './in-page.ts';
import { measure, type Measured } from './measure.ts';

/** The time on every page: a Monday noon. */
const NOW = Date.UTC(2026, 0, 12, 12, 4);
/** Room for all places: a frame that is out of sight is not drawn. */
const VIEWPORT = { width: 1280, height: 14_000 };

/** An opened page of a site with hostile pages. */
export class HostilePage {
  /** What it wrote to its console, errors included. */
  readonly messages: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => this.messages.push(message.text()));
    page.on('pageerror', (error) => this.messages.push(String(error)));
  }

  /** Opens a page and waits until every place shows campaigns. */
  static async open(browser: Browser, address: string): Promise<HostilePage> {
    const page = await browser.newPage();
    const opened = new HostilePage(page);
    await page.evaluateOnNewDocument('globalThis.__name = (f) => f'); // tsx names functions with a helper that does not exist in the page.
    await page.evaluateOnNewDocument(stopClock, NOW);
    await page.setViewport(VIEWPORT);
    await page.goto(address);
    await page.waitForFunction(() => 'tested' in globalThis);
    await page.frames()[1]!.waitForFunction(() => 'tested' in globalThis);
    let waiting: readonly string[];
    await until(
      async () => {
        waiting = [...(await opened.texts())]
          .filter(([name, text]) => name !== 'a modal dialog' && !(text.includes('Error') && text.includes('Start')))
          .map((parts) => parts.join(': '));
        return waiting.length === 0;
      },
      () => `every place shows campaigns: ${waiting.join(', ')}`,
    );
    return opened;
  }

  /** What the browser made of each place, by its name. */
  places(): Promise<ReadonlyMap<string, Measured>> {
    return this.#each(measure);
  }

  /** The text that each place shows. */
  texts(): Promise<ReadonlyMap<string, string>> {
    return this.#each(shownText);
  }

  /** What is cut off in each place. */
  cutOff(): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.#each(cutOff);
  }

  /** A picture of the page, once two in a row are equal. */
  async picture(): Promise<Picture> {
    let last: Picture | undefined;
    return until(async () => {
      await this.page.evaluate(settle);
      const before = last;
      last = decode(await this.page.screenshot({ optimizeForSpeed: true }));
      return before && !compare(before, last) && last;
    }, 'the page stands still');
  }

  /** Replaces every text that a translator reaches. */
  async translate(): Promise<void> {
    await this.page.evaluate(replaceTexts, await this.page.evaluateHandle(() => document.body));
  }

  /** Lets the failed campaign work again, and waits until the page says so. */
  async recover(): Promise<void> {
    for (const frame of this.page.frames()) await frame.evaluate(() => tested.recover());
    const tags = async (): Promise<string[]> => [...(await this.texts()).values()].map((text) => text.slice(0, 20));
    let shown: string[] = [];
    await until(
      async () => !(shown = await tags()).some((text) => text.startsWith('Error')),
      () => `the campaign works; the tags say ${shown.join(', ')}`,
    );
    await this.page.evaluate(settle);
  }

  /** Opens the message of the first tag in a place, with the mouse. */
  async openMessage(place: string): Promise<void> {
    const handle = (await this.#places()).get(place)!;
    const tag = await handle.evaluateHandle((element) => {
      let root: ParentNode = element;
      for (;;) {
        const found: Element | null = root.querySelector('campaign-status-tag');
        if (found) return found;
        root = tested.rootOf(root.querySelector('div')!)!;
      }
    });
    await tag.hover();
    await until(
      () => tag.evaluate((element) => element.shadowRoot!.querySelector(':popover-open') !== null),
      'the message',
    );
  }

  close(): Promise<void> {
    return this.page.close();
  }

  async #places(): Promise<Map<string, ElementHandle>> {
    const found = new Map<string, ElementHandle>();
    for (const [depth, frame] of this.page.frames().entries())
      for (const place of await frame.$$('.place')) {
        const name = await place.evaluate((element) => (element as HTMLElement).title);
        found.set(depth === 0 ? name : `${name} of a sandboxed frame`, place);
      }
    return found;
  }

  async #each<T>(read: (place: Element) => T): Promise<Map<string, T>> {
    const results = new Map<string, T>();
    for (const [name, place] of await this.#places()) results.set(name, await place.evaluate(read));
    return results;
  }
}
