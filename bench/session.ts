/** One browser for all measurements, and what is read from it: CPU time, memory, counters. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer-core';
import { findBrowser } from '../tools/browser.mjs';

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** A subject that takes longer for one measurement is left out. */
const LONGEST_CALL_MS = 30_000;

/** A page that is isolated from others measures time in steps of 5 µs. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** One subject in a tab and a process of its own. */
export class Tab<P> {
  constructor(
    readonly page: Page,
    readonly cdp: CDPSession,
  ) {}

  /** Calls a function of the object that the module left as `page`. */
  call<K extends keyof P & string>(name: K, ...given: Given<P[K]>): Promise<Result<P[K]>> {
    return this.page.evaluate(
      (name, given) => (globalThis as unknown as { page: Record<string, Call> }).page[name]?.(...given),
      name,
      given,
    ) as Promise<Result<P[K]>>;
  }

  /** The bytes of JavaScript and DOM objects that are left after a forced garbage collection. */
  async heap(): Promise<number> {
    for (let i = 0; i < 3; i++) await this.cdp.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await this.cdp.send('Runtime.getHeapUsage');
    return usedSize + embedderHeapUsedSize + backingStorageSize;
  }

  /** How many event listeners there are in the tab. */
  async listeners(): Promise<number> {
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? NaN;
  }

  close(): Promise<void> {
    return this.page.browserContext().close();
  }
}

type Call = (...given: unknown[]) => unknown;
type Given<F> = F extends (...given: infer A) => unknown ? A : never;
type Result<F> = F extends (...given: never[]) => infer R ? Awaited<R> : never;

/** An event of Chromium's trace; times in µs. `tts` and `tdur` are CPU time of its thread. */
interface TraceEvent {
  readonly name: string;
  readonly ts: number;
  readonly tts?: number;
  readonly pid: number;
  readonly tid: number;
}

export class Session {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly url: string,
    readonly version: string,
  ) {}

  /** @param folder the built modules */
  static async start(folder: string): Promise<Session> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      void (path === '/' ? Promise.resolve(PAGE) : readFile(join(folder, path))).then(
        (content) => {
          const type = TYPES[path === '/' ? 'html' : (path.split('.').at(-1) ?? '')] ?? 'application/octet-stream';
          response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(content);
        },
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await puppeteer.launch({
      ...(await findBrowser()),
      defaultViewport: { width: 1280, height: 900 },
      protocolTimeout: LONGEST_CALL_MS,
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return new Session(browser, server, url, await browser.version());
  }

  /** Opens a module in a tab. */
  async open<P>(module: string): Promise<Tab<P>> {
    // A context of its own is a process of its own: no other subject's heap or code is in it.
    const context = await this.browser.createBrowserContext();
    const page = await context.newPage();
    const errors: unknown[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(`${this.url}?${module}`, { waitUntil: 'load' });
    try {
      await page.waitForFunction(() => 'page' in globalThis, { timeout: 30_000 });
    } catch (error) {
      await context.close();
      throw errors.length ? errors[0] : error;
    }
    const cdp = await page.createCDPSession();
    await cdp.send('Performance.enable');
    return new Tab<P>(page, cdp);
  }

  /**
   * Runs measurements. @returns the CPU time of the main thread between the marks of each, in ms by name
   */
  async trace(work: () => Promise<void>): Promise<Map<string, number>> {
    const cdp = await this.browser.target().createCDPSession();
    const events: TraceEvent[] = [];
    cdp.on('Tracing.dataCollected', ({ value }) => void events.push(...(value as unknown as TraceEvent[])));
    await cdp.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['blink.user_timing'], excludedCategories: ['*'] },
    });
    try {
      await work();
    } finally {
      const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
      await cdp.send('Tracing.end');
      await complete;
      await cdp.detach();
    }
    return durations(events);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    this.server.close();
  }
}

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Benchmark</title><body>
<script type="module">await import('/' + location.search.slice(1) + '.js');</script>`;

function durations(events: readonly TraceEvent[]): Map<string, number> {
  const begun = new Map<string, TraceEvent>();
  const found = new Map<string, number>();
  for (const event of [...events].sort((a, b) => a.ts - b.ts)) {
    const [, edge, name = ''] = /^bench:(begin|end):(.*)$/.exec(event.name) ?? [];
    if (edge === 'begin') begun.set(name, event);
    const begin = begun.get(name);
    if (edge !== 'end' || !begin) continue;
    // Not every platform counts the CPU time of threads.
    found.set(name, ((event.tts ?? event.ts) - (begin.tts ?? begin.ts)) / 1000);
  }
  return found;
}
