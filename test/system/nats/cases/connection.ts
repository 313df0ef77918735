import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AdapterError } from '../../../../src/adapters/index.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import { createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });

describeNats('the connection', () => {
  it('I7: one connection for all feeds and requests, none after the last; the server keeps nothing either', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 3);
    const consumers = await server.consumers();
    const page = at.adapter();
    const client = await at.client(page).live();
    const feeds = [
      await at.feed(page).synced(),
      await at.feed(page, { ids: [platform.backend.campaigns.list('flows')[0]!.id] }).synced(),
    ];
    await client.store.refresh(flow('nobody'));
    await client.store.refresh({ system: 'flows' });
    assert.deepEqual([page.opened, page.open.size, await server.connections('editor')], [1, 1, 1]);
    await feeds[0]!.stop();
    client.store.dispose();
    assert.equal(page.open.size, 1);
    await feeds[1]!.stop();
    await until(() => page.open.size === 0, 'it is closed');
    await until(async () => (await server.connections('editor')) === 0, 'the server has none');
    // The server removes a consumer that has no reader after five seconds.
    await until(async () => (await server.consumers()) === consumers, 'the server keeps no consumer', 60_000);
  });

  it('is opened for a single request, and closed after it', async (t) => {
    const { server, ...at } = await createFixture(t, 1);
    const page = at.adapter();
    assert.equal(await page.adapter.get!(flow('nobody'), new AbortController().signal), undefined);
    await until(() => page.open.size === 0 && page.opened === 1, 'it is closed');
    await until(async () => (await server.connections('editor')) === 0, 'the server has none');
  });

  it('aborted before or while it opens: nothing stays open, and nothing is thrown', async (t) => {
    const at = await createFixture(t, 1);
    const page = at.adapter();
    const feed = at.feed(page);
    await feed.stop();
    assert.deepEqual([feed.changes.length, feed.end], [0, 'clean']);
    await until(() => page.open.size === 0, 'it is closed');
    const aborted = at.feed(page, { signal: AbortSignal.abort() });
    await aborted.over;
    assert.equal(aborted.end, 'clean');
  });

  it('aborted during a snapshot: the feed ends at once', async (t) => {
    const at = await createFixture(t, 1000);
    const page = at.adapter();
    const controller = new AbortController();
    let pages = 0;
    const feed = page.adapter.watch({ system: 'flows', signal: controller.signal }) as AsyncIterable<{ type: string }>;
    for await (const { type } of feed) {
      // Everything arrives during this delay.
      if (type === 'open') await new Promise((resolve) => setTimeout(resolve, 300));
      if (type === 'page' && ++pages === 1) controller.abort();
    }
    assert.equal(pages, 1);
    await until(() => page.open.size === 0, 'it is closed');
  });

  it('fault 20: refused for its credentials: signs in again once, for feed and action together', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add({ system: 'flows', id: 'a', met: ['active-flow'] });
    await platform.written();
    let pass = 'stale';
    let renewed = 0;
    const page = at.adapter({
      connect: () => server.connect('editor', { reconnect: false, pass }),
      reauthenticate: async () => {
        renewed++;
        pass = 'editor-secret';
      },
    });
    await assert.rejects(page.adapter.get!(flow('a'), new AbortController().signal), { code: 'unauthenticated' });
    const client = await at.client(page).live();
    assert.deepEqual(await client.store.perform(flow('a'), 'start'), { outcome: 'done' });
    assert.equal(renewed, 1);
  });

  it('that can’t be opened fails with the host’s reason, else as unavailable', async (t) => {
    const at = await createFixture(t, 0);
    const reasons = [
      [new AdapterError('forbidden', 'not from here'), 'forbidden', 'not from here'],
      [new Error('no route'), 'unavailable', 'NATS could not be reached: no route'],
      [new Error(), 'unavailable', 'NATS could not be reached'],
    ] as const;
    for (const [reason, code, message] of reasons) {
      const page = at.adapter({ connect: () => Promise.reject(reason) });
      const feed = at.feed(page);
      assert.equal(await feed.ended(), code);
      assert.deepEqual(feed.end, { code, message });
      const press = { action: 'start', expect: { status: 'inactive', revision: 1 }, idempotencyKey: 'mine' };
      const { signal } = new AbortController();
      assert.deepEqual(await page.adapter.act({ ref: flow('a'), signal, ...press }), { outcome: 'refused', code });
    }
    const nothing = at.feed(at.adapter({ connect: async () => undefined as never }));
    assert.equal(await nothing.ended(), 'misconfigured');
    assert.match(JSON.stringify(nothing.end), /`connect` must give a connection, such as that of wsconnect\(\)/);
  });
});
