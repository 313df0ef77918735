/** The pages of examples/no-bundler, over the packed package in an otherwise empty folder: no build, a strict policy, a browser. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { findBrowser } from '../../../tools/browser.mjs';
import { npm, packInto } from '../../../tools/pack.mjs';
import { codeBlocks } from '../../support/doc-blocks.ts';
import { find, textOf } from '../../support/e2e/page-functions.ts';
import { pause, until } from '../../support/until.ts';
import { manifest, root } from '../package/built.ts';

const DOC = 'docs/without-a-bundler.md';
const REF = { system: 'flows', id: 'welcome-series' };
const folder = mkdtempSync(join(tmpdir(), 'no-bundler-'));
const cdn = join(folder, 'node_modules', manifest.name, 'dist/cdn');
let browser: Browser;

before(async () => {
  writeFileSync(join(folder, 'package.json'), '{}');
  execFileSync(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', packInto(folder)], { cwd: folder });
  cpSync(join(folder, 'node_modules', manifest.name, 'examples/no-bundler'), folder, { recursive: true });
  browser = await puppeteer.launch(await findBrowser());
});
after(() => (browser as Browser | undefined)?.close());
after(() => rmSync(folder, { recursive: true }));

/** A page of the folder over a backend of its own, and what it asked for and logged. */
class OpenPage {
  readonly files: string[] = [];
  readonly problems: string[] = [];
  private constructor(
    readonly page: Page,
    readonly server: RunningServer,
  ) {
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('request', (request) => this.files.push(new URL(request.url()).pathname));
  }

  static async open(t: { after(done: () => Promise<void>): void }, path: string): Promise<OpenPage> {
    const server = await startServer({ static: folder, backend: { still: true } });
    t.after(() => server.close());
    const page = await browser.newPage();
    t.after(() => page.close());
    const opened = new OpenPage(page, server);
    // tsx names functions with a helper that does not exist in the page.
    await page.evaluateOnNewDocument('globalThis.__name = (f) => f');
    await page.evaluateOnNewDocument(() => {
      addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        console.error(`policy violated: ${violatedDirective} ${blockedURI}`),
      );
    });
    await page.goto(`${server.url}/${path}`);
    return opened;
  }

  /** Waits until an element shows a text. */
  async shows(selector: string, wanted: RegExp): Promise<void> {
    let text = '';
    await until(
      async () => {
        const element = (await this.page.evaluateHandle(find, [selector])).asElement();
        text = element ? await this.page.evaluate(textOf, element as never) : '(nothing)';
        return wanted.test(text);
      },
      () => `${selector} shows ${wanted}; it shows ${text}. Console: ${this.problems.join('\n')}`,
      15_000,
    );
  }

  /** Presses the button as a user does, and waits for what it does to the campaign. */
  async start(): Promise<void> {
    await this.shows('campaign-status-tag', /^Inactive/);
    await this.shows('campaign-action-button', /Start/);
    await pause(600); // A press right after the button has changed is ignored.
    const button = await this.page.evaluateHandle(find, ['campaign-action-button', '[part=button]']);
    await button.asElement()!.click();
    await this.shows('campaign-status-tag', /^Active/);
    assert.equal(this.server.backend.campaigns.get(REF)?.status, 'active');
  }

  /** The chunks that were requested, without their hashes, each once. */
  get chunks(): string[] {
    return this.files.flatMap((path) => /\/chunks\/(.*)-.{8}\.js/.exec(path)?.[1] ?? []).sort();
  }
}

/** The file of a chunk. */
function chunkFile(name: string): string {
  const file = Object.keys(integrity()).find((path) => path.replace(/-.{8}\.js$/, '') === `chunks/${name}`);
  assert.ok(file, name);
  return join(cdn, file);
}

function integrity(): Record<string, string> {
  return JSON.parse(readFileSync(join(cdn, 'integrity.json'), 'utf8')) as Record<string, string>;
}

for (const page of ['one-module', 'loader', 'import-map'])
  it(`${page}.html shows the status of a campaign, and starts it`, async (t) => {
    const view = await OpenPage.open(t, `${page}.html`);
    await view.start();
    assert.deepEqual(view.problems, []);
  });

it('the one module is the only file of the kit that its page requests', async (t) => {
  const view = await OpenPage.open(t, 'one-module.html');
  await view.start();
  const files = view.files.filter((path) => path.endsWith('.js'));
  assert.deepEqual(files, [`/node_modules/${manifest.name}/dist/cdn/${manifest.name}.js`]);
});

describe('the loader', () => {
  const named = (view: OpenPage): string[] => view.chunks.filter((name) => /^(campaign|recovery)-/.test(name));

  it('requests the elements of the page, each file once, and no other element', async (t) => {
    const view = await OpenPage.open(t, 'loader.html');
    await view.start();
    assert.deepEqual(named(view), ['campaign-action-button', 'campaign-provider', 'campaign-status-tag']);
    assert.deepEqual([...new Set(view.chunks)], view.chunks);
  });

  it('loads an element that is added later, also in a shadow root', async (t) => {
    const view = await OpenPage.open(t, 'loader.html');
    await view.shows('campaign-status-tag', /^Inactive/);
    await view.page.evaluate(() => {
      document.querySelector('campaign-provider')!.insertAdjacentHTML;
      const list = document.createElement('campaign-list');
      list.setAttribute('system', 'flows');
      document.querySelector('campaign-provider')!.append(list);
    });
    await view.shows('campaign-list', /Welcome series/);
    await view.page.evaluate(() => {
      // A host's element, which gets its shadow root when it is defined.
      const host = document.querySelector('campaign-provider')!.appendChild(document.createElement('host-panel'));
      customElements.define(
        'host-panel',
        class extends HTMLElement {
          connectedCallback(): void {
            const header = document.createElement('campaign-header');
            header.setAttribute('system', 'flows');
            header.setAttribute('campaign-id', 'welcome-series');
            this.attachShadow({ mode: 'open' }).append(header);
          }
        },
      );
      return host.localName;
    });
    await view.shows('host-panel', /Welcome series/);
    assert.deepEqual(named(view).slice(1, 3), ['campaign-header', 'campaign-list']);
    assert.deepEqual(view.problems, []);
  });
});
