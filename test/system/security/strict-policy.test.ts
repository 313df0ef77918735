/**
 * The host page of examples/plain under the headers of docs/security.md, used by mouse and keyboard: the kit causes no
 * violation.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';
import { CampaignPage } from '../../support/e2e/campaign-page.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { KIT, strictSite, type StrictSite } from '../../support/security/strict-site.ts';
import { pause, until } from '../../support/until.ts';

const FLOW = { system: 'flows', id: 'loyalty-tier-upgrade' };
const FLOW_NAME = 'Loyalty tier upgrade';
const LETTERS = { system: 'python', id: 'anniversary-letters' };
const LETTERS_NAME = 'Anniversary letters';

describe('under the strictest policy', { concurrency: 1 }, () => {
  let site: StrictSite;
  let browser: Browser;
  let view: CampaignPage;

  before(async () => {
    site = await strictSite();
    for (const { backend } of Object.values(site.backends))
      backend.campaigns.add({
        system: LETTERS.system,
        name: LETTERS_NAME,
        dependencies: [{ kind: 'channel', id: 'email' }],
        met: ['contacts', 'strategy'],
      });
    browser = await puppeteer.launch(await findBrowser());
    view = await CampaignPage.open(await browser.newPage(), site);
  });
  // Close whatever was started, even after a failed start: an open browser or server keeps the whole run waiting.
  after(() => (browser as Browser | undefined)?.close());
  after(() => (site as StrictSite | undefined)?.close());

  /** Asserts that there is no violation and no console message. */
  const quiet = (): void => {
    view.assertQuiet();
    assert.deepEqual(site.reports, []);
  };

  it('the list: search, filters, order, the message of a tag', async () => {
    await view.system('Flows');
    await view.click(...view.list, '[part=search-input]');
    await view.page.keyboard.type('spring');
    await until(async () => (await view.rows()).length === 1, 'one row is left');
    await view.click(...view.tag('Spring sale launch'));
    await view.reads(view.popup('Spring sale launch'), /WhatsApp/);
    await view.click(...view.popup('Spring sale launch'), '[part=popup-copy]');
    await view.press('Escape');
    await view.click(...view.list, '[part=search-clear]');
    // Two filters on, and off again.
    for (const nth of [2, 3, 2, 3]) await view.click(...view.list, `:nth-child(${nth})[part=chip]`);
    for (const column of ['Status', 'Campaign']) await view.click(...view.list, `[part=sort]=${column}`);
    await view.leave();
    quiet();
  });

  it('header and button: a reason, Start, Stop, an outcome', async () => {
    await view.choose(FLOW_NAME);
    await view.assertDisabled(/Activate at least one flow/);
    await view.command({ do: 'campaigns.setPrerequisite', with: [FLOW, 'active-flow', true] });
    await until(async () => !(await view.spoken(...view.button)).disabled, 'Start is enabled');
    await view.act('Start');
    await view.shows(FLOW_NAME, 'Active');
    await view.command({ do: 'faults.acceptOnly', with: [true] });
    await view.act('Stop');
    await view.shows(FLOW_NAME, 'Inactive');
    await view.command({ do: 'faults.clear' });
    await view.command({ do: 'faults.refuseNext', with: [{ code: 'forbidden', reason: 'Only operators may.' }] });
    view.tolerate(/status of 403 .*\/actions\//);
    await view.act('Start');
    await view.reads(view.header('campaign-action-button'), /Only operators may/);
    quiet();
  });

  it('an error, its guide, its log, and the confirmation', async () => {
    await view.system('Python');
    await view.choose(LETTERS_NAME);
    await view.act('Start');
    await view.shows(LETTERS_NAME, 'Running');
    await view.command({
      do: 'dependencies.set',
      with: [{ kind: 'channel', id: 'email' }, 'stopped', 'the certificate has expired'],
    });
    await view.shows(LETTERS_NAME, 'Error');
    await view.reads(view.guide, /not running/);
    await view.click(...view.header('[part=log-button]'));
    await view.reads(view.header('campaign-log', '[part=lines]'), /ChannelUnavailable/);
    await pause(600);
    await view.click(...view.button);
    const dialog = view.header('campaign-action-button', '[part=confirm]');
    await view.reads(dialog, new RegExp(LETTERS_NAME));
    await view.click(...dialog, '[part=confirm-cancel]');
    await until(async () => !(await view.has(...dialog)), 'the dialog is gone');
    await view.click(...view.button);
    await pause(600);
    await view.click(...dialog, '[part=confirm-go]');
    await view.shows(LETTERS_NAME, 'Configured');
    await view.command({ do: 'dependencies.set', with: [{ kind: 'channel', id: 'email' }, 'running'] });
    quiet();
  });

  it('hostile texts, as name, message and cause', async () => {
    const hostile = '<img src=x onerror=alert(1)><style>*{display:none}</style><script>alert(1)</script>\u202E';
    await view.command({
      do: 'campaigns.force',
      with: [
        LETTERS,
        { status: 'error', message: `${hostile}\n`.repeat(2000), cause: { kind: hostile, id: hostile, name: hostile } },
      ],
    });
    await view.shows(LETTERS_NAME, 'Error');
    await view.reads(view.guide, /<script>/);
    await view.command({ do: 'campaigns.force', with: [LETTERS, { status: hostile }] });
    await view.reads(view.header('campaign-status-tag'), /<img src=x/);
    await view.command({
      do: 'campaigns.force',
      with: [LETTERS, { status: 'configured', message: null, cause: null }],
    });
    await view.shows(LETTERS_NAME, 'Configured');
    quiet();
  });

  it('hostile headings and texts in columns of the host, and the choice of columns', async () => {
    const hostile = '<img src=x onerror=alert(1)><style>*{display:none}</style><script>alert(1)</script>\u202E';
    await view.page.evaluate((text: string) => {
      const list = document.querySelector('campaign-list')!;
      list.columnChoice = true;
      list.columns = [
        { key: 'owner', heading: text, text: () => text },
        {
          key: 'rendered',
          heading: 'Rendered',
          text: () => text,
          render: (cell) => ({ update: () => (cell.textContent = text) }),
        },
      ];
    }, hostile);
    await view.reads([...view.list, '[part=header]'], /<script>.*\[U\+202E\]/);
    await view.reads([...view.list, '[part~=cell-owner]'], /<script>.*\[U\+202E\]/);
    await view.click(...view.list, '[part=columns]');
    await view.reads([...view.list, '[part=popup]'], /<script>.*\[U\+202E\]/);
    await view.click(...view.list, '[part=popup-close]');
    const made = await view.page.evaluate(() => {
      const list = document.querySelector('campaign-list')!;
      const texts = [...list.children].map((cell) => cell.textContent);
      const elements = [list, list.shadowRoot!].flatMap((root) => [...root.querySelectorAll('img, script')]);
      list.columns = [];
      list.columnChoice = false;
      return { texts: [...new Set(texts)], elements: elements.length };
    });
    assert.deepEqual(made, { texts: [hostile], elements: 0 });
    quiet();
  });

  it('a feed that is lost and restored, unreadable records', async () => {
    view.tolerate(/net::ERR_(FAILED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)/);
    await view.command({ do: 'faults.cutFeed' });
    await until(async () => (await view.rows()).every(({ since }) => since !== ''), 'last known');
    await view.command({ do: 'faults.restoreFeed' });
    await until(async () => (await view.rows()).every(({ since }) => since === ''), 'the feed is back', 60_000);
    view.tolerate(/^console: campaign-status-kit: (unreadable|dropped) \(reported once/);
    await view.command({ do: 'campaigns.corrupt', with: [LETTERS] });
    await view.reads(view.tag(LETTERS_NAME).slice(0, -1), /Last known/);
    await view.command({ do: 'campaigns.touch', with: [LETTERS] });
    quiet();
  });

  it('themes, sizes, directions and languages', async () => {
    const { page } = view;
    const readMessage = async (): Promise<void> => {
      // The layout may still change.
      await until(async () => {
        await view.hover(...view.tag(LETTERS_NAME)).catch(() => {});
        return view.has(...view.popup(LETTERS_NAME));
      }, 'the popup');
      await view.away();
    };
    for (const [name, value] of [
      ['prefers-color-scheme', 'dark'],
      ['forced-colors', 'active'],
      ['prefers-reduced-motion', 'reduce'],
    ] as const) {
      await (await view.cdp()).send('Emulation.setEmulatedMedia', { features: [{ name, value }] });
      await readMessage();
    }
    await (await view.cdp()).send('Emulation.setEmulatedMedia', { features: [] });
    for (const width of [320, 640, 1280]) {
      await page.setViewport({ width, height: 900 });
      await view.element(...view.tag(LETTERS_NAME));
    }
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--campaign-font-size', '20px');
      document.documentElement.style.colorScheme = 'dark';
      document.documentElement.dir = 'rtl';
      document.documentElement.lang = 'ar';
    });
    await readMessage();
    await page.evaluate(() => {
      for (const name of ['style', 'dir']) document.documentElement.removeAttribute(name);
      document.documentElement.lang = 'en';
    });
    quiet();
  });

  it('elements without a provider, moved, put back, and misconfigured', async () => {
    view.tolerate(/status of 404 .*\/x\/log$/);
    await view.page.evaluate(async () => {
      const own = document.createElement('section');
      for (const name of ['status-tag', 'action-button', 'header', 'log', 'list']) {
        const element = document.createElement(`campaign-${name}`);
        for (const [key, value] of Object.entries({
          system: 'python',
          'campaign-id': 'x',
          status: 'error',
          message: 'plain',
        }))
          element.setAttribute(key, value);
        own.append(element);
      }
      own.append(document.createElement('recovery-guide'), document.createElement('campaign-provider'));
      const provider = document.getElementById('provider')!;
      const around = provider.parentElement!;
      const settled = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      for (const place of [around, provider, around]) {
        place.append(own);
        await settled();
      }
      own.remove();
      provider.remove();
      await settled();
      around.append(provider);
    });
    await until(async () => (await view.rows()).length > 0, 'the list is back');
    quiet();
  });

  it('another backend and another adapter', async () => {
    site.backends.two.backend.campaigns.add({ system: 'python', name: 'Only in the other' });
    const hasTheOther = async (): Promise<boolean> =>
      (await view.rows()).some(({ name }) => name === 'Only in the other');
    await view.page.evaluate(() => {
      (document.getElementById('provider') as CampaignProvider).src = '/two';
    });
    await until(hasTheOther, 'the rows of the other');
    await view.page.evaluate(async (module: string) => {
      await import(module);
      const provider = document.getElementById('provider') as CampaignProvider;
      provider.adapter = kit.httpAdapter({ src: '/one' });
    }, KIT);
    await until(async () => !(await hasTheOther()) && (await view.rows()).length > 0, 'the rows of the one');
    quiet();
  });

  it('each of the elements was shown', async () => {
    await view.system('Python');
    await view.choose(LETTERS_NAME);
    await view.command({ do: 'campaigns.raise', with: [LETTERS] });
    const log = view.header('[part=log-button]');
    if (!(await view.has(...view.header('campaign-log')))) await view.click(...log);
    await view.element(...view.header('campaign-log', '[part=lines]'));
    await view.page.evaluate(async (module: string) => {
      await import(module);
      document.getElementById('provider')!.append(document.createElement('campaign-inspector'));
    }, KIT);
    await view.reads(['campaign-inspector'], /python/);
    const shown = await view.page.evaluate(() => {
      const names = new Set<string>();
      const visit = (root: ParentNode): void => {
        for (const { localName, shadowRoot } of root.querySelectorAll('*')) {
          if (!shadowRoot) continue;
          names.add(localName);
          visit(shadowRoot);
        }
      };
      visit(document);
      return [...names];
    });
    const { modules } = JSON.parse(readFileSync(new URL('../../../custom-elements.json', import.meta.url), 'utf8')) as {
      modules: readonly { declarations: readonly { tagName?: string }[] }[];
    };
    quiet();
    const all = modules.flatMap(({ declarations }) => declarations.flatMap(({ tagName }) => tagName ?? []));
    assert.deepEqual(shown.sort(), all.sort());
    quiet();
  });
});
