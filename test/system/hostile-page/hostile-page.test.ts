/**
 * A page that does all that hosts do to components, at once, looks like a clean one: boxes, computed styles and pixels. The computed
 * styles that may differ are listed in support/hostile-page/allowed.ts.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { allowed, type Allowed } from '../../support/hostile-page/allowed.ts';
import { HostilePage } from '../../support/hostile-page/hostile-page.ts';
import { hostileSite, type HostileSite } from '../../support/hostile-page/hostile-site.ts';
import { differences } from '../../support/hostile-page/measure.ts';
import { compare } from '../../support/pictures/compare.ts';
import { encode } from '../../support/pictures/picture.ts';

const reports = fileURLToPath(new URL('../../../.cache/hostile-page/', import.meta.url));

let site: HostileSite;
let browser: Browser;
let opened: HostilePage[] = [];
const used = new Set<Allowed>();

before(async () => {
  site = await hostileSite();
  browser = await puppeteer.launch(await findBrowser());
  mkdirSync(reports, { recursive: true });
});
after(() => (browser as Browser | undefined)?.close());
after(() => (site as HostileSite | undefined)?.close());
afterEach(async () => {
  await Promise.all(opened.map((page) => page.close()));
  opened = [];
  assert.deepEqual(site.reports, [], 'violations of the policy');
});

async function open(address: string, parameters: string): Promise<HostilePage> {
  const page = await HostilePage.open(browser, `${address}&${parameters}`);
  opened.push(page);
  return page;
}
/** The same page, clean and hostile. */
const openBoth = (parameters = ''): Promise<[HostilePage, HostilePage]> =>
  Promise.all([open(site.clean, parameters), open(site.hostile, parameters)]);

/** Fails where two pages differ, with the places and a drawing. */
async function assertSame(name: string, [clean, hostile]: readonly [HostilePage, HostilePage]): Promise<void> {
  const [before, now] = [await clean.places(), await hostile.places()];
  assert.deepEqual([...now.keys()], [...before.keys()]);
  const problems = [...before].flatMap(([place, measured]) => {
    const { boxes, styles } = differences(measured, now.get(place)!);
    const forbidden = styles.filter(({ path, property }) => {
      const found = allowed.filter((one) => one.property.test(property) && (one.path?.test(path) ?? true));
      for (const one of found) used.add(one);
      return found.length === 0;
    });
    const changed = forbidden.map(
      ({ path, property, clean, hostile }) => `${path}: ${property} ${clean} became ${hostile}`,
    );
    return [...boxes, ...changed].map((text) => `${place}: ${text}`);
  });
  const difference = compare(await clean.picture(), await hostile.picture());
  if (difference?.drawing) {
    const file = join(reports, `${name}.png`);
    writeFileSync(file, encode(difference.drawing));
    problems.push(`Look at ${file}.`);
  }
  if (difference) problems.push(`The picture ${difference.text}.`);
  assert.equal(problems.slice(0, 40).join('\n'), '');
}

describe('a hostile page looks like a clean one', () => {
  for (const [name, parameters, media] of [
    ['left to right', '', 'screen'],
    ['right to left', 'dir=rtl', 'screen'],
    ['with text of 200 %', 'size=200', 'screen'],
    ['on paper', '', 'print'],
  ] as const)
    it(name, async () => {
      const pages = await openBoth(parameters);
      for (const { page } of pages) await page.emulateMediaType(media);
      await assertSame(name, pages);
    });

  it('as a PDF: as many pages', async () => {
    const [clean, hostile] = await Promise.all(
      (await openBoth()).map(async ({ page }) =>
        Buffer.from(await page.pdf())
          .toString('latin1')
          .match(/\/Type \/Page\b/g),
      ),
    );
    assert.ok(clean!.length > 1);
    assert.equal(hostile!.length, clean!.length);
  });

  it('with a message open', async () => {
    const pages = await openBoth();
    for (const page of pages) await page.openMessage('the document');
    await assertSame('with a message open', pages);
  });

  it('with a modal dialog, and a message open in it', async () => {
    const pages = await openBoth();
    for (const page of pages) {
      await page.page.evaluate(() => document.querySelector('dialog')!.showModal());
      await page.openMessage('a modal dialog');
    }
    await assertSame('with a modal dialog', pages);
  });

  it('the list of what may differ has nothing else', () => {
    assert.deepEqual(
      allowed.filter((one) => !used.has(one)),
      [],
    );
  });
});

describe('on a hostile page', () => {
  it('no element of the second version takes the place of one of the first, which is said once for each', async () => {
    const { messages } = await open(site.hostile, '');
    const names = messages.map(
      (text) => /^<([\w-]+)> is already defined by campaign-status-kit/.exec(text)?.[1] ?? text,
    );
    const kit = ['action-button', 'header', 'list', 'log', 'provider', 'status-tag'].map((name) => `campaign-${name}`);
    const twice = [...kit, 'recovery-guide'].flatMap((name) => [name, name]); // In the page, and in its frame.
    assert.deepEqual(names.sort(), twice.sort());
  });

  it('a translator that replaces every text leaves none that is no longer true', async () => {
    const [clean, hostile] = await openBoth();
    await hostile.translate();
    for (const page of [clean, hostile]) await page.recover();
    assert.deepEqual(await hostile.texts(), await clean.texts());
  });

  it('a reset of everything takes the size of the page’s text, and cuts nothing off', async () => {
    const [clean, reset] = [await open(site.clean, ''), await open(site.reset, '')];
    assert.deepEqual(await reset.texts(), await clean.texts());
    assert.deepEqual(await reset.cutOff(), await clean.cutOff());
  });
});
