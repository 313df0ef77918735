/**
 * Compares the paths described in docs/architecture.md with the files that run, by V8's coverage of one change and of
 * one click.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { build } from 'vite';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import type { CampaignRef } from '../../../src/adapters/index.ts';
import { findBrowser } from '../../../tools/browser.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** What lies between an adapter's `Change` and an element's new view: no adapter, and of the elements only what receives the view. */
const BETWEEN_CHANGE_AND_VIEW = /^src\/(store|util|lifecycle|elements\/shared\/context)\//;
/** Longer than the test: a heartbeat would run files of its own. */
const HEARTBEAT_MS = 600_000;

describe('docs/architecture.md', () => {
  let folder: string;
  let server: RunningServer;
  let browser: Browser;
  let page: Page;
  let session: CDPSession;
  let ref: CampaignRef;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'architecture-'));
    await buildModules(folder);
    server = await startServer({
      static: folder,
      backend: { sampleData: 'empty', heartbeatMs: HEARTBEAT_MS, processingMs: 50, tickMs: 0 },
    });
    ref = server.backend.campaigns.add({ system: 'flows', name: 'Spring sale', met: ['active-flow'] });
    writeFileSync(
      join(folder, 'index.html'),
      `<!doctype html><title>Architecture</title><script type="module" src="define.js"></script>
      <campaign-provider src="${server.url}">
        <campaign-status-tag system="flows" campaign-id="${ref.id}"></campaign-status-tag>
        <campaign-action-button system="flows" campaign-id="${ref.id}"></campaign-action-button>
      </campaign-provider>`,
    );
    browser = await puppeteer.launch(await findBrowser());
    page = await browser.newPage();
    await page.goto(`${server.url}/`);
    await shows('Inactive', 'Start');
    // What elements load when the page is idle is on neither path.
    for (const chunk of ['campaign-status-tag/status-popup', 'campaign-action-button/action-layers'])
      await page.evaluate((url) => import(url), `${server.url}/src/elements/${chunk}.js`);
    session = await page.createCDPSession();
    await session.send('Profiler.enable');
    await session.send('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  });

  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('names the files that run when a campaign changes', async () => {
    await filesThatRan();
    server.backend.campaigns.force(ref, { status: 'error', message: 'Channel Email is not running.' });
    await shows('Error', 'Start');
    const ran = await filesThatRan();
    sameFiles(ran, filesNamedUnder('The path of a change'));
    // Elements ask the store for the server's time while they draw.
    const between = ran.filter((file) => BETWEEN_CHANGE_AND_VIEW.test(file) && file !== 'src/store/create-store.ts');
    assert.ok(
      between.length <= 8,
      `a change passes ${between.length} files on its way to a view: ${between.join(', ')}`,
    );
  });

  it('names the files that run when a button is pressed, until the outcome is shown', async () => {
    // A press within half a second of a change that the user did not cause is ignored, so wait longer than that.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await filesThatRan();
    await page.evaluate(recordStack);
    const outcome = await page.evaluateHandle(() => ({
      known: new Promise((resolve) => document.addEventListener('campaign-outcome', resolve, { once: true })),
    }));
    await page.click('campaign-action-button >>> button');
    await shows('Active', 'Stop');
    // The feed may bring the change before the answer has come.
    await outcome.evaluate(({ known }) => known.then(() => undefined));
    sameFiles(await filesThatRan(), filesNamedUnder('The path of a click'));
  });

  it('a click passes at most eight files on its way to the backend', async () => {
    const stack = await page.evaluate(() => (globalThis as unknown as { stackOfPress: string }).stackOfPress);
    const files = [...new Set(stack.match(/\bsrc\/[\w./-]+(?=\.js)/g))].map((file) => `${file}.ts`);
    assert.ok(files.includes('src/elements/campaign-action-button/campaign-action-button.ts'), stack);
    assert.ok(files.includes('src/store/shell/system-shell.ts'), stack);
    // From the shell on: the core decides, and the adapter sends.
    const passed = [...files, 'src/store/core/system-core.ts', 'src/store/core/requests.ts', 'src/adapters/http.ts'];
    assert.ok(passed.length <= 8, `a click passes ${passed.length} files: ${passed.join(', ')}`);
  });

  async function shows(label: string, verb: string): Promise<void> {
    await page.waitForFunction(
      (...texts: string[]) =>
        ['campaign-status-tag', 'campaign-action-button'].every((name, index) =>
          document.querySelector(name)?.shadowRoot?.textContent?.includes(texts[index]!),
        ),
      { timeout: 30_000 },
      label,
      verb,
    );
  }

  /** The kit's files in which a function has run since the last call. */
  async function filesThatRan(): Promise<readonly string[]> {
    const { result } = await session.send('Profiler.takePreciseCoverage');
    return result
      .filter(({ functions }) => functions.some(({ ranges }) => ranges[0]!.count > 0))
      .map(({ url }) => /\/(src\/.*)\.js$/.exec(url)?.[1])
      .filter((path) => path !== undefined)
      .map((path) => `${path}.ts`)
      .sort();
  }
});

/** In the page: keeps the stack of the next press, taken when its request gets a key. */
function recordStack(): void {
  const getRandomValues = crypto.getRandomValues.bind(crypto);
  Error.stackTraceLimit = 100;
  crypto.getRandomValues = (array) => {
    (globalThis as unknown as { stackOfPress: string | undefined }).stackOfPress = new Error('stack').stack;
    return getRandomValues(array);
  };
}

function sameFiles(ran: readonly string[], named: readonly string[]): void {
  const missing = ran.filter((file) => !named.includes(file));
  const extra = named.filter((file) => !ran.includes(file));
  assert.deepEqual({ missing, extra }, { missing: [], extra: [] });
}

/** Builds the kit so that each source file stays a separate file. */
async function buildModules(outDir: string): Promise<void> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        input: { define: 'src/define.ts' },
        output: { preserveModules: true, preserveModulesRoot: '.', entryFileNames: '[name].js' },
      },
    },
    plugins: [
      {
        // package.json declares side effects for the built files only, but src/define.ts consists of side effects.
        name: 'own-side-effects',
        transform: (code, path) =>
          path.includes('/node_modules/') ? null : { code, map: null, moduleSideEffects: true },
      },
    ],
  });
}

/** The source files that a section of the page names, in any order. */
function filesNamedUnder(title: string): readonly string[] {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const section = text.split(/^## /m).find((one) => one.startsWith(`${title}\n`));
  assert.ok(section, `docs/architecture.md has no section "${title}"`);
  return [...new Set(section.match(/src\/[\w./-]+\.ts\b/g))].sort();
}
