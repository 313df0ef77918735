/** The pages of examples/no-bundler, over the packed package in an otherwise empty folder: no build, a strict policy, a browser. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { findBrowser } from '../../../tools/browser.mjs';
import { npm, packInto } from '../../../tools/pack.mjs';
import { codeBlocks } from '../../support/doc-blocks.ts';
import { find, textOf } from '../../support/e2e/page-functions.ts';
import { pause, until } from '../../support/until.ts';
import { manifest } from '../package/built.ts';

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
  /** The paths that were asked for with a sign-in. */
  readonly signedIn = new Set<string>();
  private constructor(
    readonly page: Page,
    readonly server: RunningServer,
  ) {
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      this.files.push(pathname);
      if (request.headers()['authorization'] === 'Bearer from-your-sign-in') this.signedIn.add(pathname);
    });
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
    await (button.asElement() as ElementHandle<HTMLElement>).click();
    await this.shows('campaign-status-tag', /^Active/);
    assert.equal(this.server.backend.campaigns.get(REF)?.record.status, 'active');
  }

  /** Adds an element of the kit to the page. */
  add(name: string): Promise<void> {
    return this.page.evaluate((name) => {
      const element = document.createElement(name);
      element.setAttribute('system', 'flows');
      element.setAttribute('campaign-id', 'welcome-series');
      document.querySelector('campaign-provider')!.append(element);
    }, name);
  }

  /** The elements whose chunks were requested. */
  get chunks(): string[] {
    return this.files.flatMap((path) => /\/chunks\/((?:campaign|recovery)-.*)-.{8}\.js/.exec(path)?.[1] ?? []).sort();
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
  it('requests the elements of the page, each file once, and no other element', async (t) => {
    const view = await OpenPage.open(t, 'loader.html');
    await view.start();
    assert.deepEqual(view.chunks, ['campaign-action-button', 'campaign-provider', 'campaign-status-tag']);
    const scripts = view.files.filter((path) => path.endsWith('.js'));
    assert.deepEqual([...new Set(scripts)], scripts);
  });

  it('loads an element that is added later, also in a shadow root', async (t) => {
    const view = await OpenPage.open(t, 'loader.html');
    await view.shows('campaign-status-tag', /^Inactive/);
    await view.add('campaign-list');
    await view.shows('campaign-list', /Welcome series/);
    await view.page.evaluate(() => {
      // A customized built-in element that nobody defines.
      document.body.append(document.createElement('button', { is: 'host-button' }));
      document.querySelector('campaign-provider')!.append(document.createElement('host-panel'));
    });
    await view.page.evaluate(() => {
      // A host's element, which gets its shadow root only now.
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
    });
    await view.shows('host-panel', /Welcome series/);
    assert.deepEqual(view.chunks.slice(1, 3), ['campaign-header', 'campaign-list']);
    assert.deepEqual(view.problems, []);
  });

  it('loads what is in a closed shadow root that is passed to it', async (t) => {
    const view = await OpenPage.open(t, 'loader.html');
    await view.shows('campaign-status-tag', /^Inactive/);
    const defined = await view.page.evaluate(async (loader) => {
      const host = document.querySelector('campaign-provider')!.appendChild(document.createElement('div'));
      const root = host.attachShadow({ mode: 'closed' });
      root.append(document.createElement('campaign-log'));
      const { observe } = (await import(loader)) as { observe(root: ShadowRoot): void };
      observe(root);
      await customElements.whenDefined('campaign-log');
      root.append(document.createElement('recovery-guide'));
      await customElements.whenDefined('recovery-guide');
      return true;
    }, `/node_modules/${manifest.name}/dist/cdn/loader.js`);
    assert.ok(defined);
    assert.deepEqual(view.problems, []);
  });

  // The list is a file that nothing else imports; the tag is also part of the header that is added afterwards.
  for (const name of ['campaign-list', 'campaign-status-tag'])
    it(`reports once that ${name} can't be loaded, and loads it when one is added later`, async (t) => {
      const file = chunkFile(name);
      renameSync(file, `${file}.away`);
      t.after(() => renameSync(`${file}.away`, file));
      const view = await OpenPage.open(t, 'loader.html');
      const requests = (): number => view.chunks.filter((chunk) => chunk === name).length;
      const reports = (): string[] => view.problems.filter((text) => text.includes(`<${name}> could not be loaded`));
      await view.add(name);
      await until(() => reports().length === 1, 'a report');
      const before = requests();
      await view.add(name);
      await until(() => requests() > before, 'another try');
      await pause(300);

      copyFileSync(`${file}.away`, file);
      await view.add(name);
      await view.shows(name, name === 'campaign-list' ? /Welcome series/ : /^Inactive/);
      await view.add('campaign-header');
      await view.shows('campaign-header', /Welcome series/);
      assert.equal(reports().length, 1, reports().join('\n'));
      assert.match(reports()[0]!, new RegExp(`/chunks/${name}-`));
    });
});

describe(DOC, () => {
  let blocks: { html: string[]; js: string[] };

  before(async () => {
    blocks = { html: await codeBlocks(DOC, 'html'), js: await codeBlocks(DOC, 'js') };
    assert.deepEqual([blocks.html.length, blocks.js.length], [3, 2]);
  });

  /** Writes a page: that of the loader, with other content. */
  function write(name: string, content: string, hash = ''): void {
    const head = readFileSync(join(folder, 'loader.html'), 'utf8').replace(/<script[^]*/, '');
    writeFileSync(join(folder, name), head.replace("script-src 'self'", `$& ${hash}`) + content);
  }

  it('sets an adapter and a language from a script of the page', async (t) => {
    writeFileSync(join(folder, 'page.js'), blocks.js[0]!);
    write('page.html', `${blocks.html[0]!}<script type="module" src="./page.js"></script>`);
    const view = await OpenPage.open(t, 'page.html');
    await view.shows('campaign-list', /Inaktiv/);
    assert.ok(view.signedIn.has('/flows/watch'));
    assert.deepEqual(view.problems, []);
  });

  it('pins the one module: the browser refuses a file that was changed', async (t) => {
    const file = `${manifest.name}.js`;
    const script = blocks.html[2]!.replace('sha384-…', integrity()[file]!);
    assert.notEqual(script, blocks.html[2]);
    write('pinned.html', script + blocks.html[0]!.replace(/<script.*/, ''));
    const view = await OpenPage.open(t, 'pinned.html');
    await view.shows('campaign-list', /Welcome series/);
    assert.deepEqual(view.problems, []);
    await changed(join(cdn, file), async () => {
      const other = await OpenPage.open(t, 'pinned.html');
      await until(() => other.problems.some((text) => /integrity/.test(text)), 'the browser to refuse it');
      assert.equal(await other.page.evaluate('globalThis.wasChanged'), undefined);
    });
  });

  it('pins the files of the loader: no changed file runs, not even at a second try', async (t) => {
    writeFileSync(join(folder, 'print.mjs'), blocks.js[1]!);
    const [map = '', hash] = execFileSync(process.execPath, ['print.mjs'], { cwd: folder, encoding: 'utf8' }).split(
      '\n',
    );
    write('pinned-loader.html', map + blocks.html[1]!, hash);
    const view = await OpenPage.open(t, 'pinned-loader.html');
    await view.start();
    assert.deepEqual(view.problems, []);
    for (const name of ['campaign-status-tag', 'shapes', 'status-popup'])
      await changed(chunkFile(name), async () => {
        const other = await OpenPage.open(t, 'pinned-loader.html');
        await until(() => other.problems.some((text) => /integrity/.test(text)), `the browser to refuse ${name}`);
        await pause(500);
        assert.equal(await other.page.evaluate('globalThis.wasChanged'), undefined, name);
      });
  });
});

/** Runs something while a file is not what it was: it sets a variable of the page. */
async function changed(file: string, run: () => Promise<void>): Promise<void> {
  copyFileSync(file, `${file}.copy`);
  appendFileSync(file, '\nglobalThis.wasChanged = true;\n');
  try {
    await run();
  } finally {
    renameSync(`${file}.copy`, file);
  }
}
