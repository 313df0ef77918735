/** The page under load, and what is recorded of it. */
import type { TestContext } from 'node:test';
import puppeteer, { type CDPSession, type Page } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { serveHostPage } from '../host-page.ts';

/**
 * Code is on the heap too. The compiler adds some for as long as there is something left to optimize, and bytecode is
 * dropped and made again from time to time. Neither may happen.
 */
const STEADY_CODE = '--js-flags=--no-opt --no-maglev --no-sparkplug --no-lazy-feedback-allocation --no-flush-bytecode';

/** The campaigns on the page. */
export interface Cast {
  readonly good: readonly string[];
  readonly hostile: readonly string[];
  /** The campaign whose button is pressed. */
  readonly pressed: string;
}

/** A page in a browser, with a list, headers, tags, a button and a popup. */
export class StrainedPage {
  /** What the kit logged on the console. */
  readonly logged: string[] = [];
  /** Uncaught exceptions and unhandled rejections. */
  readonly thrown: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly cdp: CDPSession,
  ) {
    page.on('console', (message) => {
      // The browser's own messages about the network don't come from the kit.
      if (['error', 'warn'].includes(message.type()) && !message.text().startsWith('Failed to load resource'))
        this.logged.push(message.text());
    });
    page.on('pageerror', (error) => this.thrown.push(error instanceof Error ? (error.stack ?? '') : String(error)));
  }

  /** Opens it over the backend at `src`, until the test ends. */
  static async open(t: TestContext, src: string, { good, hostile, pressed }: Cast): Promise<StrainedPage> {
    const query = new URLSearchParams({ src, pressed });
    for (const id of good) query.append('good', id);
    for (const id of hostile) query.append('hostile', id);
    const url = `${await serveHostPage(t, 'test/slow/endurance/page')}?${query}`;
    const found = await findBrowser();
    const browser = await puppeteer.launch({ ...found, args: [...found.args, STEADY_CODE] });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    // tsx names functions with a helper that does not exist in the page.
    await page.evaluateOnNewDocument('globalThis.__name = (f) => f');
    const strained = new StrainedPage(page, await page.createCDPSession());
    await page.goto(url);
    await page.waitForFunction(() => document.querySelector('campaign-provider')?.currentStore);
    return strained;
  }

  /** Everything that the list shows: id, status, message, and why a row is stale. */
  shown(): Promise<readonly (readonly string[])[]> {
    return this.page.evaluate(() => {
      const { currentStore } = document.querySelector('campaign-provider')!;
      return currentStore!.list('flows').value.ids.map((id) => {
        const { status, message, stale } = currentStore!.campaign({ system: 'flows', id }).value;
        return [id, status, message, stale?.why ?? ''];
      });
    });
  }

  /** Presses "Try now" while a broken feed is waiting. */
  async tryNow(): Promise<void> {
    await this.page.evaluate(() => {
      document.querySelector('campaign-list')!.shadowRoot!.querySelector<HTMLElement>('[part=retry]')?.click();
    });
  }

  /** Opens the popup of the first hostile tag, and keeps it open. */
  openPopup(): Promise<void> {
    return this.page.evaluate(() =>
      document.querySelector<HTMLElementTagNameMap['campaign-status-tag']>('#hostile campaign-status-tag')!.open(),
    );
  }

  /** Closes it. */
  closePopup(): Promise<void> {
    return this.page.evaluate(() =>
      document.querySelector<HTMLElementTagNameMap['campaign-status-tag']>('#hostile campaign-status-tag')!.close(),
    );
  }

  /** Presses the stand-alone button with the mouse. */
  async click(): Promise<void> {
    await (await this.page.$('#pressed campaign-action-button'))!.click();
  }

  /** Presses the button of a campaign in the list with the keyboard: rows may move while a mouse is on its way. */
  async pressInList(id: string): Promise<void> {
    await this.page.evaluate((of) => {
      const buttons = document.querySelector('campaign-list')!.shadowRoot!.querySelectorAll('campaign-action-button');
      [...buttons].find(({ campaignId }) => campaignId === of)!.focus();
    }, id);
    await this.page.keyboard.press('Enter');
    // Rows stay where they are while one of them has the focus.
    await this.page.evaluate(() => {
      let focus = document.activeElement;
      while (focus?.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
      (focus as HTMLElement | null)?.blur();
    });
  }

  /** What the page needs once everything is rendered: bytes on the heap without garbage, and nodes in the document. */
  async measure(): Promise<{ readonly heap: number; readonly nodes: number }> {
    const nodes = await this.page.evaluate(async () => {
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const count = (node: Node): number => {
        let all = 1;
        for (const child of node.childNodes) all += count(child);
        return node instanceof Element && node.shadowRoot ? all + count(node.shadowRoot) : all;
      };
      return count(document);
    });
    await this.cdp.send('HeapProfiler.collectGarbage');
    return { heap: (await this.cdp.send('Runtime.getHeapUsage')).usedSize, nodes };
  }
}
