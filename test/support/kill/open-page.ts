import type { TestContext } from 'node:test';
import puppeteer, { type HTTPRequest } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../e2e/campaign-page.ts';
import { countPage } from './effect-count.ts';
import { serveHostPage } from '../host-page.ts';

/** A page in a browser, with the requests it sends to the backend. */
export interface OpenPage {
  readonly view: CampaignPage;
  /** The campaign of each Idempotency-Key, in the order of the first requests. */
  readonly keys: ReadonlyMap<string, string>;
  /** Requests under way. */
  readonly open: ReadonlySet<HTTPRequest>;
}

/** Opens the plain host page over a backend at `src`, with one campaign selected. */
export async function openPage(t: TestContext, src: string, chosen: string): Promise<OpenPage> {
  const url = `${await serveHostPage(t, 'examples/plain')}?src=${src}#/flows/${chosen}`;
  const browser = await puppeteer.launch(await findBrowser());
  t.after(() => browser.close());
  const page = await browser.newPage();
  await countPage(page);
  const keys = new Map<string, string>();
  const open = new Set<HTTPRequest>();
  page.on('request', (request) => {
    open.add(request);
    const key = request.headers()['idempotency-key'];
    if (request.method() === 'POST' && key)
      keys.set(key, decodeURIComponent(new URL(request.url()).pathname.split('/')[3]!));
  });
  for (const over of ['requestfinished', 'requestfailed'] as const) page.on(over, (request) => open.delete(request));
  const view = await CampaignPage.open(page, {
    name: 'a host page over a real port',
    url,
    path: [],
    system: (label) => [`nav a=${label}`],
    control: () => undefined,
    heartbeatMs: 5_000,
    close: () => Promise.resolve(),
  });
  // A list renders the rows in view only, and the tests read all of them.
  await page.setViewport({ width: 1280, height: 4000 });
  // The browser's own console messages about the faults of this test.
  view.tolerate(/net::ERR_/, /status of (410|412|502)/);
  return { view, keys, open };
}
