import { after, describe, it } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../e2e/campaign-page.ts';
import type { Site } from '../e2e/sites.ts';
import type { AppCopies } from './app-copies.ts';
import { playRecovery } from './recovery.ts';

/** What a test has of an app: its pages over a backend, and a browser. */
export interface RunningApp {
  readonly site: Site;
  readonly browser: Browser;
}

/**
 * Declares the tests of an app of examples/: it installs, type-checks and builds, and the recovery of a campaign can be played in it.
 *
 * @param serve serves the built app, which is in a folder
 * @param more declares further tests
 */
export function testApp(
  apps: AppCopies,
  example: string,
  serve: (name: string, app: string) => Promise<Site>,
  more?: (running: () => RunningApp, app: string) => void,
): void {
  describe(`examples/${example}`, () => {
    const app = apps.copy(example);
    let running: RunningApp | undefined;
    after(() => running?.browser.close());
    after(() => running?.site.close());

    it('installs, type-checks and builds', async () => {
      await apps.install(app);
      await apps.run(app, 'run', 'check');
      await apps.run(app, 'run', 'build');
      running = {
        site: await serve(`examples/${example}`, app),
        browser: await puppeteer.launch(await findBrowser()),
      };
    });

    it('plays the recovery of a Python campaign: forced to stop, fixed, started again', async () => {
      const { site, browser } = running!;
      await playRecovery(await CampaignPage.open(await browser.newPage(), site));
    });

    more?.(() => running!, app);
  });
}
