import { TimeoutError, type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { compare } from './compare.ts';
import { setGlobals, settle, stopClock, storyEnd } from './in-page.ts';
import { light, type Mode } from './modes.ts';
import { decode, type Picture } from './picture.ts';

/** The time of every picture: a Monday noon. */
const NOW = Date.UTC(2026, 0, 12, 12, 4);

/** The least height of a page in CSS px. A taller story gets the height that it needs. */
const HEIGHT = 640;

/** A play function that takes longer than this (ms) hangs. */
const SLOW_MS = 120_000;

/** A page that does not load in so many attempts never does. */
const MOST_LOADS = 3;

/** A page that still changes after this many screenshots never settles. */
const MOST_LOOKS = 20;

/** A story after its play function, to be pictured in several modes. */
export class StoryPage {
  private constructor(
    readonly page: Page,
    private readonly cdp: CDPSession,
  ) {}

  /**
   * Opens a story in a new page, and waits until its play function has ended.
   *
   * @param home address of the built Storybook
   * @throws Error when the story fails
   */
  static async open(browser: Browser, home: string, story: string): Promise<StoryPage> {
    const page = await browser.newPage();
    const opened = new StoryPage(page, await page.createCDPSession());
    await page.evaluateOnNewDocument('globalThis.__name = (f) => f'); // tsx names functions with a helper that does not exist in the page.
    await page.evaluateOnNewDocument(stopClock, NOW);
    await page.emulateTimezone('UTC');
    await page.setViewport({ width: light.width, height: HEIGHT });
    await opened.#emulate(light);
    // The browser tests have already checked every story with axe.
    await opened.#goTo(`${home}iframe.html?id=${story}&viewMode=story&globals=still:!true;a11y.manual:!true`);
    const { failure } = (await (await page.waitForFunction(storyEnd, { timeout: SLOW_MS })).jsonValue())!;
    if (failure) throw new Error(failure);
    return opened;
  }

  /** A picture of the whole page in a mode. @param expected the stored picture, if there is one */
  async picture(mode: Mode, expected?: Picture): Promise<Picture> {
    const { theme, direction, density, width } = mode;
    await this.#emulate(mode);
    await this.page.setViewport({ width, height: HEIGHT });
    await this.page.evaluate(setGlobals, { theme, direction, density });
    await this.#fit(width);
    return this.look(expected);
  }

  /** A screenshot, as soon as it equals the expected one, or two in a row are equal. */
  async look(expected?: Picture): Promise<Picture> {
    let last = expected;
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      await this.page.evaluate(settle);
      const look = decode(await this.page.screenshot({ optimizeForSpeed: true }));
      if ([expected, last].some((known) => known && !compare(known, look))) return look;
      last = look;
    }
    throw new Error(`${this.page.url()} does not stand still.`);
  }

  close(): Promise<void> {
    return this.page.close();
  }

  /** Loads a page. The browser leaves a load hanging now and then while the mock worker starts, so it is tried again. */
  async #goTo(url: string): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        return void (await this.page.goto(url));
      } catch (error) {
        if (tries === MOST_LOADS || !(error instanceof TimeoutError)) throw error;
      }
  }

  async #emulate({ theme, forcedColors }: Mode): Promise<void> {
    await this.cdp.send('Emulation.setEmulatedMedia', {
      features: [
        { name: 'prefers-color-scheme', value: theme },
        { name: 'forced-colors', value: forcedColors ? 'active' : 'none' },
        { name: 'prefers-reduced-motion', value: 'reduce' },
      ],
    });
  }

  /** Makes the page as tall as its content: a screenshot beyond the viewport would change heights that depend on it. */
  async #fit(width: number): Promise<void> {
    let height = HEIGHT;
    for (let tries = 0; tries < MOST_LOOKS; tries++) {
      await this.page.evaluate(settle);
      const needed = await this.page.evaluate(() => document.documentElement.scrollHeight);
      if (needed <= height) return;
      height = needed;
      await this.page.setViewport({ width, height });
    }
    throw new Error(`${this.page.url()} grows with its window.`);
  }
}
