/**
 * Why docs/security.md needs each rule of its policy: the rule blocks something harmful, or something fails without it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { findBrowser } from '../../../tools/browser.mjs';

import { documentedPolicy, parsePolicy, printPolicy } from '../../support/security/policy.ts';
import { COPIES, strictSite, type StrictSite } from '../../support/security/strict-site.ts';
import { until } from '../../support/until.ts';

/** Another origin, where no server listens. */
const ELSEWHERE = 'http://127.0.0.1:9';

let site: StrictSite;
let browser: Browser;
let page: Page;

before(async () => {
  site = await strictSite();
  browser = await puppeteer.launch(await findBrowser());
});
// Close whatever was started, even after a failed start: an open browser or server keeps the whole run waiting.
after(() => (browser as Browser | undefined)?.close());
after(() => (site as StrictSite | undefined)?.close());
beforeEach(async () => {
  site.policy = documentedPolicy;
  site.injected = '';
  site.visit++;
  site.reports.length = 0;
  page = await browser.newPage();
  await page.evaluateOnNewDocument('globalThis.__name = (f) => f');
});
afterEach(async () => {
  await page.close();
});

/** The directives that the browser reported. */
const violated = (): string[] =>
  site.reports.map(
    (text) => (JSON.parse(text) as { 'csp-report': Record<string, string> })['csp-report']['effective-directive']!,
  );
const reported = (directive: string): Promise<boolean> =>
  until(
    async () => violated().includes(directive),
    () => `${directive} is reported; it was: ${violated().join(', ') || 'nothing'}`,
  );

const rows = (): Promise<number> =>
  page.evaluate(() => document.querySelector('campaign-list')?.shadowRoot?.querySelectorAll('[part=row]').length ?? 0);
const shown = (): Promise<boolean> => until(async () => (await rows()) > 0, 'the rows');

it('the page alone causes no report', async () => {
  await page.goto(site.url);
  await shown();
  assert.deepEqual(site.reports, []);
});

describe('injected code is blocked and reported', () => {
  for (const [markup, directive] of [
    ['<script>globalThis.hit = 1</script>', 'script-src-elem'],
    [`<script src="${ELSEWHERE}/x.js"></script>`, 'script-src-elem'],
    // Some browsers check a handler only when its event is fired, so these events come without a user.
    ['<details open ontoggle="globalThis.hit = 1">x</details>', 'script-src-attr'],
    ['<img src="/none.svg" onerror="globalThis.hit = 1">', 'script-src-attr'],
    ['<style>body { display: none }</style>', 'style-src-elem'],
    [`<link rel="stylesheet" href="${ELSEWHERE}/x.css">`, 'style-src-elem'],
    ['<p style="position: fixed; inset: 0">x</p>', 'style-src-attr'],
    [`<img src="${ELSEWHERE}/x.png">`, 'img-src'],
    ['<iframe src="/"></iframe>', 'frame-src'],
    ['<object data="/icon.svg"></object>', 'object-src'],
    [`<base href="${ELSEWHERE}/">`, 'base-uri'],
  ] as const)
    it(markup, async () => {
      site.injected = markup;
      await page.goto(site.url);
      await reported(directive);
      assert.equal(await page.evaluate(() => 'hit' in globalThis), false);
      // The kit still works.
      await shown();
    });

  for (const [what, run, directive] of [
    ['markup from a string', () => void (document.body.innerHTML = '<b>x</b>'), 'require-trusted-types-for'],
    [
      'a policy of its own',
      () => {
        const { trustedTypes } = globalThis as unknown as { trustedTypes: { createPolicy(name: string): void } };
        trustedTypes.createPolicy('evil');
      },
      'trusted-types',
    ],
    [
      'code from a string',
      () => void Reflect.apply(setTimeout, globalThis, ['globalThis.hit = 1']),
      'require-trusted-types-for',
    ],
    ['a style attribute', () => document.body.setAttribute('style', 'display: none'), 'style-src-attr'],
    ['a request to elsewhere', () => void fetch('http://127.0.0.1:9/').catch(() => {}), 'connect-src'],
    [
      'a form',
      () => {
        const form = document.body.appendChild(document.createElement('form'));
        form.action = '/one';
        form.submit();
      },
      'form-action',
    ],
  ] as const)
    it(`by script: ${what}`, async () => {
      await page.goto(site.url);
      await shown();
      await page.evaluate(run).catch(() => {});
      await reported(directive);
      assert.equal(await page.evaluate(() => 'hit' in globalThis), false);
      await shown();
    });

  for (const [what, stopped] of [
    ['a frame of another origin', true],
    ['which shows the page where `frame-ancestors` is left out', false],
  ] as const)
    it(what, async () => {
      const others = new Map(documentedPolicy);
      if (!stopped) others.delete('frame-ancestors');
      site.policy = others;
      const framing = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end(`<iframe src="${site.url}"></iframe>`);
      });
      await new Promise<void>((resolve) => framing.listen(0, '127.0.0.1', resolve));
      try {
        await page.goto(`http://127.0.0.1:${(framing.address() as AddressInfo).port}/`);
        await until(async () => /^(http:|chrome-error:)/.test(page.frames()[1]?.url() ?? ''), 'the frame is settled');
        assert.equal(page.frames()[1]!.url().startsWith('chrome-error:'), stopped);
      } finally {
        framing.closeAllConnections();
        await new Promise((resolve) => framing.close(resolve));
      }
    });
});

describe('every source in the policy is needed', () => {
  const elements = (): Promise<boolean> => page.evaluate(() => customElements.get('campaign-list') !== undefined);
  /** What fails without a source, and that nothing else does. */
  const needs: Readonly<Record<string, { readonly directive: string; readonly broken: () => Promise<boolean> }>> = {
    'script-src': { directive: 'script-src-elem', broken: async () => !(await elements()) },
    // The host's own sheet; policies do not apply to the kit's constructed style sheets.
    'style-src': {
      directive: 'style-src-elem',
      broken: () => page.evaluate(() => getComputedStyle(document.body).marginLeft !== '0px'),
    },
    'img-src': {
      directive: 'img-src',
      broken: () =>
        page.evaluate(() => {
          const image = new Image();
          image.src = document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href;
          return image.decode().then(
            () => false,
            () => true,
          );
        }),
    },
    'connect-src': { directive: 'connect-src', broken: async () => (await elements()) && (await rows()) === 0 },
    'trusted-types': { directive: 'trusted-types', broken: async () => !(await elements()) },
  };

  it('the list names each source', () => {
    const passing = [...documentedPolicy].filter(
      ([name, [source]]) => source !== "'none'" && name !== 'require-trusted-types-for',
    );
    assert.deepEqual(
      passing.map(([name, sources]) => [name, sources.length]),
      Object.keys(needs).map((name) => [name, 1]),
    );
  });

  for (const [name, { directive, broken }] of Object.entries(needs)) {
    it(`${name}: with it`, async () => {
      await page.goto(site.url);
      await shown();
      assert.equal(await broken(), false);
    });

    it(`${name}: without it`, async () => {
      site.policy = new Map([...documentedPolicy, [name, ["'none'"]]]);
      await page.goto(site.url);
      await until(broken, 'it is missing');
      await reported(directive);
    });
  }

  it('styles need no source: the kit is styled where the host is not', async () => {
    site.policy = new Map([...documentedPolicy, ['style-src', ["'none'"]]]);
    await page.goto(site.url);
    await shown();
    const display = await page.evaluate(
      () => getComputedStyle(document.querySelector('campaign-list')!.shadowRoot!.querySelector('[part=row]')!).display,
    );
    assert.equal(display, 'grid');
    assert.deepEqual(new Set(violated()), new Set(['style-src-elem']));
  });
});

describe('fault 49: two bundles on one page', () => {
  /** Loads the page's code again, as a second bundle does. @returns what it throws */
  const load = (copy: string): Promise<string> =>
    page.evaluate(
      (module: string) =>
        import(module).then(
          () => '',
          (error: unknown) => String(error),
        ),
      `${copy}/assets/index.js`,
    );

  it('the second one is blocked by Trusted Types, and the first one works', async () => {
    await page.goto(site.url);
    await shown();
    assert.match(await load(COPIES.same), /TypeError.*lit-html/);
    await reported('trusted-types');
    await shown();
  });

  for (const [of, copy, warnings] of [
    ['the same version', COPIES.same, 0],
    ['two versions', COPIES.other, 7],
  ] as const)
    it(`of ${of}, with 'allow-duplicates': nothing is thrown or reported, and existing elements stay`, async () => {
      const thrown: unknown[] = [];
      const warned: string[] = [];
      page.on('pageerror', (error) => thrown.push(error));
      page.on('console', (message) => message.type() === 'warn' && warned.push(message.text()));
      site.policy = new Map([...documentedPolicy, ['trusted-types', ['lit-html', "'allow-duplicates'"]]]);
      await page.goto(site.url);
      await shown();
      const first = await page.evaluateHandle(() => customElements.get('campaign-list'));
      assert.equal(await load(copy), '');
      await shown();
      assert.equal(await page.evaluate((before) => customElements.get('campaign-list') === before, first), true);
      assert.deepEqual([thrown, site.reports], [[], []]);
      await until(async () => warned.length >= warnings, 'all that is said of it');
      assert.equal(warned.length, warnings);
      for (const text of warned) assert.match(text, /^<[a-z-]+> is already defined by campaign-status-kit \d/);
    });
});

it('the example has this policy, except for what its comment says', () => {
  const html = readFileSync(new URL('../../../examples/plain/index.html', import.meta.url), 'utf8');
  const [, content = ''] = /Content-Security-Policy"\s+content="([^"]*)"/.exec(html) ?? [];
  const expected = new Map(documentedPolicy);
  expected.delete('frame-ancestors');
  expected.set('connect-src', ["'self'", 'http://127.0.0.1:*', 'http://localhost:*']);
  assert.equal(printPolicy(parsePolicy(content)), printPolicy(expected));
});
