import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { storybookSite } from '../e2e/sites.ts';
import { StoryPage } from './story-page.ts';

/** The built Storybook in a browser that renders the same on every machine. */
export class StoryBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly site: Awaited<ReturnType<typeof storybookSite>>,
  ) {}

  /** Starts both. Run `npm run build-storybook` first. */
  static async launch(): Promise<StoryBrowser> {
    process.env['BUNDLED_BROWSER'] = '1'; // An installed browser has other fonts and may be another version.
    const options = await findBrowser();
    const site = await storybookSite();
    const browser = await puppeteer.launch({
      ...options,
      // The same date texts, and the same colour arithmetic on every processor.
      args: [...options.args, '--lang=en-US', '--disable-skia-runtime-opts'],
    });
    // The mock worker stops with the last page that uses it, so keep this page open.
    const [page] = await browser.pages();
    await page?.goto(`${site.home}index.json`);
    return new StoryBrowser(browser, site);
  }

  /** Opens a story in a new page, and waits until its play function has ended. */
  open(story: string): Promise<StoryPage> {
    return StoryPage.open(this.browser, this.site.home, story);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.site.close();
  }
}
