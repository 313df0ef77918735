/** Real tabs of one origin over HTTP/1.1, served by the simulated backend itself. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Browser, type LaunchOptions, type Page } from 'puppeteer-core';
import { build } from 'vite';
import type { SimulatedBackend } from '../../../mocks/index.ts';
import { type RunningServer, startServer } from '../../../mocks/server/start-server.ts';
import { findBrowser } from '../../../tools/browser.mjs';
import type { TabApi } from '../../system/tabs/page/main.ts';
import { until } from '../until.ts';

export const SYSTEM = 'flows';
/** The promised heartbeat (ms), longer than a test takes: a short delay of the machine must not count as silence. */
const HEARTBEAT_MS = 60_000;
/** Allowance for browser, backend and test on two shared cores (ms). */
const LATE_MS = 30_000;

/** The page, built once for all tests. */
let built: Promise<string> | undefined;

async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'tabs-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  const root = fileURLToPath(new URL('../../system/tabs/page', import.meta.url));
  await build({ root, base: './', logLevel: 'error', build: { outDir, emptyOutDir: true, target: 'es2022' } });
  return outDir;
}

export class RealTab {
  constructor(readonly page: Page) {}

  /** Calls a function of the page. */
  call<Name extends keyof TabApi>(
    name: Name,
    ...args: Parameters<TabApi[Name]>
  ): Promise<Awaited<ReturnType<TabApi[Name]>>> {
    return this.page.evaluate(
      (of, values) =>
        (globalThis as unknown as { tab: Record<string, (...all: unknown[]) => unknown> }).tab[of]!(...values),
      name,
      args as unknown[],
    ) as Promise<Awaited<ReturnType<TabApi[Name]>>>;
  }
}

/** A backend, a browser and its tabs. All of it ends with the test. */
export class TabFixture {
  readonly tabs: RealTab[] = [];
  /** When connections were requested, by the monotonic clock. */
  readonly watchRequests: number[] = [];

  private constructor(
    private readonly server: RunningServer,
    private readonly browser: Browser,
  ) {
    const { backend } = server;
    const connect = backend.connect.bind(backend);
    backend.connect = (request) => {
      this.watchRequests.push(performance.now());
      return connect(request);
    };
  }

  static async open(
    t: TestContext,
    options: { heartbeatMs?: number; browser?: LaunchOptions } = {},
  ): Promise<TabFixture> {
    const { heartbeatMs = HEARTBEAT_MS, browser: launchOptions = await findBrowser() } = options;
    const folder = await (built ??= buildPage());
    const server = await startServer({ static: folder, backend: { heartbeatMs, processingMs: 200 } });
    t.after(() => server.close());
    const browser = await puppeteer.launch(launchOptions);
    t.after(() => browser.close());
    return new TabFixture(server, browser);
  }

  get backend(): SimulatedBackend {
    return this.server.backend;
  }

  /** Open connections, as the server counts them. */
  get connections(): number {
    return this.backend.openFeeds(SYSTEM);
  }

  async openTab(query = ''): Promise<RealTab> {
    const tab = new RealTab(await this.browser.newPage());
    this.tabs.push(tab);
    await tab.page.evaluateOnNewDocument('globalThis.__name = (f) => f'); // tsx names functions with a helper that does not exist in the page.
    await tab.page.goto(`${this.server.url}/${query}`);
    return tab;
  }

  async openTabs(count: number, query = ''): Promise<RealTab[]> {
    const tabs: RealTab[] = [];
    for (let i = 0; i < count; i++) tabs.push(await this.openTab(query));
    return tabs;
  }

  /** Adds a campaign that can be started. */
  startable(): string {
    const { id } = this.backend.campaigns
      .list(SYSTEM)
      .find(({ status, missing }) => status === 'inactive' && !missing?.length)!;
    return id;
  }

  /** Changes something at the backend that every tab must show. */
  change(): void {
    const { campaigns } = this.backend;
    const [first] = campaigns.list(SYSTEM);
    campaigns.rename({ system: SYSTEM, id: first!.id }, `Renamed ${Math.random()}`);
    campaigns.fill(1, SYSTEM);
  }

  /** Waits until each tab is live and shows what the backend has, over this many connections. */
  async converge(tabs: readonly RealTab[], connections = 1, ms = LATE_MS): Promise<void> {
    let difference: unknown;
    await until(
      async () => {
        const wanted = Object.fromEntries(
          this.backend.campaigns
            .list(SYSTEM)
            .map(({ id, status, name = id }) => [id, { status, name, stale: false }] as const),
        );
        for (const [i, tab] of tabs.entries()) {
          const [state, rows] = [await tab.call('state'), await tab.call('rows')];
          difference = { tab: i, state, rows: Object.keys(rows).length, connections: this.connections };
          if (state !== 'live') return false;
          try {
            assert.deepEqual(rows, wanted);
          } catch {
            return false;
          }
        }
        return this.connections === connections;
      },
      () => `${tabs.length} tabs equal the backend over ${connections} connection: ${JSON.stringify(difference)}`,
      ms,
    );
  }
}
