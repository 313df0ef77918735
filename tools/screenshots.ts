// npm run screenshots: the Lifecycle of the built Storybook at the widths and schemes to look at, and the pictures of the docs.
import { mkdir } from 'node:fs/promises';
import puppeteer from 'puppeteer-core';
import { storybookSite } from '../test/support/e2e/sites.ts';
import { findBrowser } from './browser.mjs';

const FOLDER = '.cache/screenshots';
/** Time for the first snapshot and for the fonts. */
const SETTLE_MS = 2000;

const site = await storybookSite();
const browser = await puppeteer.launch(await findBrowser());
try {
  await mkdir(FOLDER, { recursive: true });
  await mkdir('docs', { recursive: true });
  const page = await browser.newPage();
  const shoot = async (path: string, width: number, height: number, globals: string, scale = 1): Promise<void> => {
    await page.setViewport({ width, height, deviceScaleFactor: scale });
    await page.goto(`${site.url}&globals=${globals}`);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await page.screenshot({ path: path });
    console.log(path);
  };
  for (const width of [1280, 640, 320])
    for (const theme of ['light', 'dark'])
      await shoot(`${FOLDER}/lifecycle-${width}-${theme}.png`, width, 900, `theme:${theme}`);
  await shoot(`${FOLDER}/lifecycle-1280-rtl.png`, 1280, 900, 'direction:rtl');
  await shoot('docs/lifecycle.png', 1280, 900, 'theme:light', 1.5);
  await page.evaluate(() =>
    [
      ...document
        .querySelector('story-campaign-page')!
        .shadowRoot!.querySelector('story-control-panel')!
        .shadowRoot!.querySelectorAll('button'),
    ]
      .find((button) => button.textContent?.trim() === 'Cut')!
      .click(),
  );
  // A connection counts as lost after a second.
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const list = await page.$('story-campaign-page >>> campaign-list');
  await list!.screenshot({ path: 'docs/last-known.png' });
} finally {
  await browser.close();
  await site.close();
}
