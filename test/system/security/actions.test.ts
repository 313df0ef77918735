/** Which requests leave the page, as the backend receives them: none leaves without an intended press. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import { isOurs } from '../../support/security/policy.ts';
import { KIT, strictSite, type Received, type StrictSite } from '../../support/security/strict-site.ts';
import { pause, until } from '../../support/until.ts';

const LETTERS = { system: 'python', id: 'anniversary-letters' };
const LETTERS_NAME = 'Anniversary letters';
/** A dialog accepts a confirmation only after this time (ms). */
const ARM_MS = 500;
/** Longer than that, and than the time for which a press is ignored after a button changed (ms). */
const CALM_MS = 700;

let site: StrictSite;
let browser: Browser;
let view: CampaignPage;

before(async () => {
  site = await strictSite();
  site.backends.one.backend.campaigns.add({
    system: LETTERS.system,
    name: LETTERS_NAME,
    dependencies: [{ kind: 'channel', id: 'email' }],
    met: ['contacts', 'strategy'],
  });
  browser = await puppeteer.launch(await findBrowser());
  view = await CampaignPage.open(await browser.newPage(), site);
  await view.system('Python');
});
// Close whatever was started, even after a failed start: an open browser or server keeps the whole run waiting.
after(() => (browser as Browser | undefined)?.close());
after(() => (site as StrictSite | undefined)?.close());

/** The actions that reached the backend. */
const posts = (): string[] =>
  site.requests.filter(({ method, url }) => method === 'POST' && url.includes('/actions/')).map(({ url }) => url);

describe('no fast press both opens and confirms the confirmation', () => {
  const dialog = ['#own', '[part=confirm]'];
  let place = { x: 0, y: 0 };

  const breaks = (): Promise<void> =>
    view.command({ do: 'campaigns.force', with: [LETTERS, { status: 'error', message: 'no' }] });

  before(async () => {
    await breaks();
    await view.page.evaluate(({ system, id }) => {
      const button = document.createElement('campaign-action-button');
      button.id = 'own';
      button.setAttribute('system', system);
      button.setAttribute('campaign-id', id);
      button.style.position = 'fixed';
      document.querySelector('campaign-provider')!.append(button);
    }, LETTERS);
    await view.reads(['#own', '[part=button]'], /^Force stop/);
    await pause(CALM_MS);
    // The worst place for the button is where the dialog's own button will be.
    await view.click('#own', '[part=button]');
    place = await (
      await view.element(...dialog, '[part=confirm-go]')
    ).evaluate((go) => {
      const { left, top, width, height } = go.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    });
    await view.press('Escape');
    await (
      await view.element('#own')
    ).evaluate((button, { x, y }) => {
      const { width, height } = button.getBoundingClientRect();
      button.style.left = `${x - width / 2}px`;
      button.style.top = `${y - height / 2}px`;
    }, place);
  });

  const calm = async (): Promise<void> => {
    if (await view.has(...dialog)) await view.press('Escape');
    await view.away();
    await pause(CALM_MS);
    site.requests.length = 0;
  };
  beforeEach(calm);

  const focused = (): Promise<string> =>
    view.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute('part') ?? '';
    });
  /** Asserts that the dialog is open, and nothing was sent. */
  const assertOnlyConfirms = async (): Promise<void> => {
    await view.element(...dialog);
    await pause(CALM_MS);
    assert.ok(await view.has(...dialog), 'the dialog is still open');
    assert.deepEqual(posts(), []);
  };

  for (const count of [2, 3])
    it(`${count} clicks in fast succession`, async () => {
      await view.page.mouse.move(place.x, place.y);
      await view.page.mouse.click(place.x, place.y, { count });
      await assertOnlyConfirms();
    });

  it('a double click on a page that freezes in between', async () => {
    await view.page.evaluate((ms) => {
      const standStill = (): void => {
        for (const end = performance.now() + ms; performance.now() < end;);
      };
      addEventListener('click', standStill, { once: true });
    }, 2 * ARM_MS);
    await view.page.mouse.move(place.x, place.y);
    await view.page.mouse.click(place.x, place.y, { count: 2 });
    await assertOnlyConfirms();
  });

  it('a double click of the slowest accepted speed; after the first click the safe answer has the focus', async () => {
    const presses = await view.page.evaluateHandle(() => {
      const at: number[] = [];
      addEventListener('pointerdown', () => at.push(performance.now()), { capture: true });
      return at;
    });
    for (let tries = 1; ; tries++) {
      const began = performance.now();
      await view.page.mouse.click(place.x, place.y);
      await view.element(...dialog);
      assert.equal(await focused(), 'confirm-cancel');
      await pause(300 - (performance.now() - began));
      await view.page.mouse.click(place.x, place.y);
      const [first = 0, second = 0] = (await presses.jsonValue()).slice(-2);
      if (second - first < ARM_MS) break;
      // The machine was too slow for a double click, so the second click confirmed. Try again once that action is over.
      assert.ok(tries < 10, 'no second click comes in time');
      await pause(2 * CALM_MS);
      await breaks();
      await view.reads(['#own', '[part=button]'], /^Force stop/);
      await calm();
    }
    await assertOnlyConfirms();
  });

  it('a double tap', async () => {
    await view.touchScreen(true);
    const cdp = await view.cdp();
    // Send all touches at once, like those of a double tap: on a busy machine they could become two single taps.
    await Promise.all(
      [[place], [], [place], []].map((touchPoints) =>
        cdp.send('Input.dispatchTouchEvent', { type: touchPoints.length ? 'touchStart' : 'touchEnd', touchPoints }),
      ),
    );
    await assertOnlyConfirms();
    await view.touchScreen(false);
  });

  for (const key of ['Enter', 'Space'] as const)
    it(`${key}, held down`, async () => {
      await (await view.element('#own', '[part=button]')).focus();
      for (let repeat = 0; repeat < 40; repeat++) {
        await view.page.keyboard.down(key);
        await pause(25);
      }
      await view.page.keyboard.up(key);
      await assertOnlyConfirms();
      assert.equal(await focused(), 'confirm-cancel');
    });

  it('Enter, twice: the second one is the safe answer', async () => {
    await (await view.element('#own', '[part=button]')).focus();
    await view.press('Enter', 'Enter');
    await until(async () => !(await view.has(...dialog)), 'the dialog is gone');
    await pause(CALM_MS);
    assert.deepEqual(posts(), []);
  });

  it('a deliberate press sends one request', async () => {
    await view.page.mouse.click(place.x, place.y);
    await view.element(...dialog);
    await pause(CALM_MS);
    await view.page.mouse.click(place.x, place.y, { count: 2 });
    await until(async () => posts().length > 0, 'it was sent');
    await pause(CALM_MS);
    assert.deepEqual(posts(), [`/one/${LETTERS.system}/campaigns/${LETTERS.id}/actions/force-stop`]);
  });
});

describe('what other parties can observe', () => {
  const TOKEN = 'token-of-user';
  const RECORD = 'told-in-confidence';

  it('no token is in a URL or an event, and no record is in an event', async () => {
    const { page } = view;
    site.requests.length = 0;
    await page.evaluate(
      async (module: string, token: string) => {
        await import(module);
        const received: string[] = [];
        Object.assign(globalThis, { received });
        for (const type of ['action', 'outcome', 'navigate', 'query'])
          addEventListener(
            `campaign-${type}`,
            (event) => received.push(`${type} ${JSON.stringify((event as CustomEvent).detail)}`),
            true,
          );
        const provider = document.querySelector('campaign-provider') as CampaignProvider;
        provider.routes = {};
        provider.adapter = kit.httpAdapter({ src: '/one', headers: () => ({ authorization: `Bearer ${token}` }) });
      },
      KIT,
      TOKEN,
    );
    await view.command({
      do: 'campaigns.force',
      with: [LETTERS, { status: 'configured', message: RECORD, changedBy: RECORD }],
    });
    await view.command({ do: 'campaigns.rename', with: [LETTERS, `${LETTERS_NAME} ${RECORD}`] });
    const name = `${LETTERS_NAME} ${RECORD}`;
    await view.reads([...view.list, `row=${name}`, 'campaign-action-button', '[part=button]'], /^Start/);
    await pause(CALM_MS);
    await view.click(...view.list, `row=${name}`, 'campaign-action-button', '[part=button]');
    await until(
      async () => (await view.rows()).some((row) => row.name === name && row.status === 'Running'),
      'Running',
    );
    await view.click(...view.list, `row=${name}`, '[part=name]');
    await view.click(...view.list, '[part=search-input]');
    await page.keyboard.type('sale');

    const received = await until(async () => {
      const all = await page.evaluate(() => (globalThis as unknown as { received: string[] }).received);
      return new Set(all.map((line) => line.split(' ')[0])).size === 4 && all;
    }, 'all kinds were received');
    const about = JSON.stringify(LETTERS);
    assert.deepEqual(
      received.filter((line) => !line.startsWith('query')),
      [
        `action {"ref":${about},"action":"start"}`,
        `outcome {"ref":${about},"action":"start","outcome":"done"}`,
        `navigate {"to":"campaign","ref":${about}}`,
      ],
    );
    for (const line of received) assert.doesNotMatch(line, new RegExp(`${TOKEN}|${RECORD}`));

    const toBackend = site.requests.filter(({ url }) => url.startsWith('/one/python'));
    assert.ok(toBackend.length >= 2, 'there were requests');
    for (const { headers } of toBackend) assert.equal(headers.authorization, `Bearer ${TOKEN}`);
    for (const { url, headers } of site.requests) {
      const { authorization: _, ...others } = headers;
      assert.doesNotMatch(`${url} ${JSON.stringify(others)}`, new RegExp(TOKEN));
    }
    assert.doesNotMatch(page.url(), new RegExp(TOKEN));
  });
});

describe('requests that another site makes the browser send', () => {
  const path = `/one/${LETTERS.system}/campaigns/${LETTERS.id}/actions/start`;
  const recognized = ({ headers }: Received, more: Readonly<Record<string, string | undefined>> = {}): boolean =>
    isOurs(
      new Headers(
        Object.entries({ ...headers, ...more }).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string',
        ),
      ),
      site.origin,
    );
  const latest = (): Promise<Received> =>
    until(
      async () => site.requests.findLast(({ method, url }) => method === 'POST' && url.startsWith(path)),
      'it came',
    );
  let stranger: Page;
  let foreign: Server;

  before(async () => {
    foreign = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello'));
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
    stranger = await browser.newPage();
    await stranger.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`);
  });
  after(async () => {
    foreign.closeAllConnections();
    await new Promise((resolve) => foreign.close(resolve));
  });
  beforeEach(() => {
    site.requests.length = 0;
  });

  it('are distinguished from the kit’s own, which pass', async () => {
    await view.page.evaluate(({ system, id }) => {
      const { currentStore } = document.querySelector('campaign-provider') as CampaignProvider;
      void currentStore!.perform({ system, id }, 'stop');
    }, LETTERS);
    const ours = await until(async () => site.requests.find(({ url }) => url.endsWith('/actions/stop')), 'it came');
    assert.equal(recognized(ours), true);
    // A browser that sends no `Sec-Fetch-Site` is recognized by its `Origin`.
    assert.equal(recognized(ours, { 'sec-fetch-site': undefined }), true);
    assert.equal(recognized(ours, { 'sec-fetch-site': undefined, origin: 'https://elsewhere.example' }), false);
    assert.equal(recognized(ours, { 'idempotency-key': undefined }), false);
    assert.equal(recognized(ours, { 'content-type': 'text/plain' }), false);
  });

  for (const [what, send] of [
    [
      'a form',
      (to: string) => {
        // Its answer goes into a frame: it would replace the page, at any time during the next tests.
        const frame = document.body.appendChild(document.createElement('iframe'));
        const form = document.body.appendChild(document.createElement('form'));
        frame.name = 'answer';
        Object.assign(form, { action: to, method: 'post', enctype: 'text/plain', target: frame.name });
        form.submit();
      },
    ],
    [
      'a script that waives the answer',
      (to: string) =>
        void fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"expect":{}}' }).catch(
          () => {},
        ),
    ],
    [
      'a script that was let in',
      (to: string) =>
        void fetch(to, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'forged' },
          body: '{"expect":{"status":"configured","revision":1}}',
        }).catch(() => {}),
    ],
  ] as const)
    it(what, async () => {
      await stranger.evaluate(send, `${site.origin}${path}`);
      const forged = await latest();
      assert.equal(recognized(forged), false);
      assert.equal(recognized(forged, { 'sec-fetch-site': undefined }), false);
    });
});
