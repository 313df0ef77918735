import assert from 'node:assert/strict';
import type { Browser, HTTPRequest, Page } from 'puppeteer-core';
import { flows, python, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { until } from '../until.ts';

const lifecycles: Readonly<Record<string, Lifecycle>> = { flows, python };

/** The tags of a page and the links after them, with their places and sizes. */
type Shown = readonly { readonly text: string; readonly place: readonly number[] }[];
/** A bundler rounds the sizes of a style sheet, which adds up over the lines of a page (px). */
const ROUNDING = 1;

/**
 * Asserts what docs/without-script.md promises of a page that a server writes: its tags can be read before their script has run, and
 * when it runs nothing moves and the console stays empty. The page has a tag and a link for each campaign.
 */
export async function assertReadableAndStill(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.evaluateOnNewDocument('globalThis.__name = (f) => f'); // tsx names functions with a helper
  await page.evaluateOnNewDocument(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // Scripts come after the page was painted.
  const held: HTTPRequest[] = [];
  let holds = true;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (holds && request.resourceType() === 'script') held.push(request);
    else void request.continue();
  });

  const loaded = page.goto(url);
  loaded.catch(() => undefined); // what fails first is what a test reports
  await page.waitForSelector('campaign-status-tag + a');
  await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0", { polling: 50 });
  const written = await shownOf(page);
  const words = await page.$$eval('campaign-status-tag', (tags) =>
    tags.map((tag) => [tag.getAttribute('system'), tag.getAttribute('status'), tag.innerText.trim()]),
  );
  assert.ok(words.some(([system, status]) => system === 'python' && status === 'created'));
  for (const [system, status, word] of words) assert.equal(word, lifecycles[system!]?.statuses[status!]?.label);

  holds = false;
  for (const request of held) void request.continue();
  await loaded;
  await until(
    () => page.evaluate(() => !document.querySelector('campaign-status-tag:not(:defined)')),
    'the tags to be defined',
  );
  await until(
    () =>
      page.$$eval('campaign-status-tag', (tags) => tags.every((tag) => tag.shadowRoot?.querySelector('[part=tag]'))),
    'the tags to be drawn',
  );
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const moved = (await shownOf(page)).filter(
    ({ text, place }, index) =>
      text !== written[index]?.text ||
      place.some((value, at) => Math.abs(value - written[index]!.place[at]!) > ROUNDING),
  );
  assert.deepEqual(moved, []);
  assert.deepEqual(await page.evaluate('globalThis.shifts'), []);
  assert.deepEqual(problems, []);
  await page.close();
}

function shownOf(page: Page): Promise<Shown> {
  return page.$$eval('campaign-status-tag, campaign-status-tag + a', (elements) =>
    elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { text: element.textContent, place: [x, y, width, height] };
    }),
  );
}
