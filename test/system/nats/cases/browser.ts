import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from 'puppeteer-core';
import { findBrowser } from '../../../../tools/browser.mjs';
import { bundle } from '../../../support/nats/bundle.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import { NatsServer } from '../../../support/nats/nats-server.ts';
import type { PageOptions } from '../../../support/nats/page.ts';
import { Platform } from '../../../support/nats/platform.ts';
import { until } from '../../../support/until.ts';

const entry = fileURLToPath(new URL('../../../support/nats/page.ts', import.meta.url));

/** Serves the page. @returns its origin */
async function host(t: TestContext): Promise<string> {
  const script = await bundle({ file: entry });
  const server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type="module" src="page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describeNats('in a browser', () => {
  it('a page watches and acts over its own WebSocket, also after the server was killed', async (t) => {
    const origin = await host(t);
    const server = await NatsServer.start({ origin });
    t.after(() => server.close());
    const platform = await Platform.start(server);
    t.after(() => platform.close());
    const browser = await launch(await findBrowser());
    t.after(() => browser.close());
    const page = await browser.newPage();
    const errors: unknown[] = [];
    page.on('pageerror', (error) => errors.push(error));
    const login: PageOptions = { servers: server.url, user: 'editor', pass: 'editor-secret', heartbeatMs: 500 };
    await page.goto(`${origin}/#${encodeURIComponent(JSON.stringify(login))}`);
    await page.waitForFunction(() => 'pageApi' in window);

    const statuses = () => page.evaluate(() => window.pageApi.statuses());
    const equal = async (): Promise<boolean> => {
      const rows = platform.backend.campaigns.list('flows').map(({ id, status }) => [id, status] as const);
      const shown = new Map(Object.entries(await statuses()));
      return shown.size === rows.length && rows.every(([id, status]) => shown.get(id) === status);
    };
    await until(equal, 'all campaigns are shown');

    const { id } = platform.backend.campaigns.list('flows').find(({ status }) => status === 'active')!;
    assert.equal(await page.evaluate((one) => window.pageApi.perform(one, 'stop'), id), 'done');
    assert.equal((await statuses())[id], 'inactive');

    await server.kill();
    await until(async () => (await page.evaluate(() => window.pageApi.state())) !== 'live', 'the page has noticed');
    platform.backend.campaigns.remove({ system: 'flows', id });
    await server.start();
    await platform.written();
    await until(
      async () => (await equal()) && (await page.evaluate(() => window.pageApi.state())) === 'live',
      'the page is back',
      30_000,
    );

    await page.evaluate(() => window.pageApi.dispose());
    await until(async () => (await server.connections('editor')) === 0, 'nothing is open');
    assert.deepEqual(errors, []);
  });
});
