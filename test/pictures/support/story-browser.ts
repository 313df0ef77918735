import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { storybookSite } from '../../e2e/support/sites.ts';
import { StoryPage } from './story-page.ts';

/** The built Storybook in a browser that draws the same everywhere. */
export class StoryBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly site: Awaited<ReturnType<typeof storybookSite>>,
  ) {}

  /** Starts both. `npm run build-storybook` comes first. */
  static async launch(): Promise<StoryBrowser> {
    process.env['BUNDLED_BROWSER'] = '1'; // an installed one has other fonts and may be another version
    const options = await findBrowser();
    const site = await storybookSite();
    const browser = await puppeteer.launch({
      ...options,
      // The same words for dates, and the same arithmetic for colours, on every machine and processor.
      args: [...options.args, '--lang=en-US', '--disable-skia-runtime-opts'],
    });
    // The mock worker leaves with the last page that uses it. This one stays.
    const [page] = await browser.pages();
    await page?.goto(`${site.home}index.json`);
    return new StoryBrowser(browser, site);
  }

  /** Opens a story in a page of its own and waits until it has played. */
  open(story: string): Promise<StoryPage> {
    return StoryPage.open(this.browser, this.site.home, story);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.site.close();
  }
}
