import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import type { KV } from '@nats-io/kv';
import type { Change } from '../../../../src/adapters/index.ts';
import { natsKey } from '../../../../src/adapters/nats.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import type { NatsServer } from '../../../support/nats/nats-server.ts';
import { FeedReader } from '../../../support/nats/feed.ts';
import { createBucket, CountedAdapter, QUICK, SLACK_MS, createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });

describeNats('a snapshot', () => {
  it('an empty bucket is complete at once, and the first campaign is a change', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    // The heartbeat is too long to be the cause.
    const feed = at.feed(at.adapter({ heartbeatMs: 60_000 }));
    await feed.synced();
    assert.deepEqual(feed.types, ['open', 'synced']);
    assert.equal(feed.open!.mode, 'snapshot');
    platform.backend.campaigns.add({ system: 'flows', id: 'first' });
    await feed.until('the first campaign', () => feed.rows.length);
    assert.deepEqual(feed.types, ['open', 'synced', 'upsert']);
    assert.equal(feed.rows[0]!.id, 'first');
  });

  it('of one campaign', async (t) => {
    const at = await createFixture(t, 1);
    const feed = await at.feed(at.adapter()).synced();
    assert.deepEqual(feed.types, ['open', 'page', 'synced']);
    assert.equal(feed.rows.length, 1);
    assert.equal(feed.position.cursor, String(feed.rows[0]!.revision));
  });

  it('a bucket that holds only delete markers is empty', async (t) => {
    const { platform, ...at } = await createFixture(t, 2);
    for (const { id } of platform.backend.campaigns.list('flows')) platform.backend.campaigns.remove(flow(id));
    await platform.written();
    const feed = await at.feed(at.adapter()).synced();
    assert.deepEqual(feed.types, ['open', 'remove', 'synced']);
    assert.deepEqual([feed.rows.length, feed.removed.length], [0, 2]);
  });

  it('more campaigns than the server sends at once: in pages, each campaign once', async (t) => {
    const { platform, ...at } = await createFixture(t, 2000);
    const feed = await at.feed(at.adapter()).synced();
    const ids = feed.rows.map(({ id }) => id);
    assert.deepEqual(new Set(ids), new Set(platform.backend.campaigns.list('flows').map(({ id }) => id)));
    assert.equal(ids.length, 2000);
    assert.ok(feed.changes.every((change) => !('items' in change) || change.items.length <= 200));
    assert.ok(feed.changes.every((change) => change.type !== 'page' || !('cursor' in change)));
  });

  it('while everything changes: misses nothing, and ends', async (t) => {
    const { platform, ...at } = await createFixture(t, 100);
    platform.backend.campaigns.churn({ system: 'flows', perSecond: 200, forMs: 2000 });
    const viewers = [];
    for (let n = 0; n < 5; n++) viewers.push(await at.client().live());
    await new Promise((resolve) => setTimeout(resolve, 2000));
    for (const client of viewers) {
      await client.equals();
      assert.deepEqual(client.reports, []);
    }
  });

  it('one id: has that campaign, and its feed has no other', async (t) => {
    const { platform, ...at } = await createFixture(t, 3);
    const [one, other] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    const feed = await at.feed(at.adapter(), { ids: [one!] }).synced();
    assert.deepEqual(
      feed.rows.map(({ id }) => id),
      [one],
    );
    platform.backend.campaigns.touch(flow(other!));
    platform.backend.campaigns.rename(flow(one!), 'Renamed');
    await feed.until('the change', () => feed.rows.length > 1);
    platform.backend.campaigns.remove(flow(one!));
    await feed.until('the removal', () => feed.removed.length);
    assert.deepEqual(
      [...feed.rows, ...feed.removed].map(({ id }) => id),
      [one, one, one],
    );
    // Resuming from here takes a new snapshot of at most one row.
    const next = await at.feed(at.adapter(), { ids: [one!], since: feed.position }).synced();
    assert.equal(next.open!.mode, 'snapshot');
    assert.equal(next.rows.length, 0);
  });

  it('an id that is absent or impossible has no row', async (t) => {
    const at = await createFixture(t, 3);
    for (const id of ['nobody', 'x'.repeat(2000)]) {
      const feed = await at.feed(at.adapter(), { ids: [id] }).synced();
      assert.ok(!feed.rows.some((row) => row.id === id));
    }
  });
});

describeNats('changes', () => {
  it('arrive in order, each with the sequence of its write as revision and cursor', async (t) => {
    const { platform, ...at } = await createFixture(t, 30);
    const feed = await at.feed(at.adapter()).synced();
    // Keep changing for as long as it takes: when rows change faster than they are read, only the latest is sent.
    platform.backend.campaigns.churn({ system: 'flows', perSecond: 200 });
    await feed.until('a hundred changes', () => feed.rows.length > 130);
    platform.backend.campaigns.churn({ system: 'flows', perSecond: 0 });
    await platform.written();
    const last = new Map<string, number>();
    let cursor = 0;
    for (const change of feed.changes) {
      if (change.type === 'upsert' || change.type === 'remove')
        for (const { id, revision } of change.items) {
          assert.ok(revision! > (last.get(id) ?? 0), `${id} at ${revision} after ${last.get(id)}`);
          last.set(id, revision!);
        }
      if ('cursor' in change) {
        assert.ok(Number(change.cursor) > cursor);
        cursor = Number(change.cursor);
      }
    }
  });

  it('a deleted and a purged key are both removals; created again, it has a higher revision', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    const feed = await at.feed(at.adapter()).synced();
    for (const remove of ['delete', 'purge'] as const) {
      const before = feed.removed.length;
      await platform.kv.put('a', '{"status":"inactive"}');
      await platform.kv[remove]('a');
      await feed.until('the removal', () => feed.removed.length > before);
      assert.ok(feed.removed.at(-1)!.revision! > feed.rows.at(-1)!.revision);
    }
    await platform.kv.put('a', '{"status":"active"}');
    await feed.until('it is back', () => feed.rows.length === 3);
    assert.ok(feed.rows.at(-1)!.revision > feed.removed.at(-1)!.revision!);
  });

  it('an unreadable value marks its campaign, and no other', async (t) => {
    const { platform, ...at } = await createFixture(t, 3);
    const client = await at.client().live();
    await client.equals();
    const ids = platform.backend.campaigns.list('flows').map(({ id }) => id);
    const view = (id: string) => client.store.campaign(flow(id)).value;
    for (const value of ['no JSON', '["a list"]', '{"name":"no status"}', 'null', '']) {
      await platform.kv.put(natsKey(ids[0]!), value);
      await until(() => view(ids[0]!).stale?.why === 'unreadable', `marked: ${value}`);
      await platform.kv.put(natsKey(ids[0]!), '{"status":"active"}');
      await until(() => !view(ids[0]!).stale, 'readable again');
    }
    await platform.kv.put(natsKey(ids[0]!), 'no JSON');
    await until(() => view(ids[0]!).stale?.why === 'unreadable', 'marked');
    assert.equal(view(ids[0]!).status, 'active');
    assert.equal(view(ids[1]!).stale, undefined);
    platform.backend.campaigns.touch(flow(ids[0]!));
    await client.equals();
    assert.ok(client.reported('unreadable') > 0);

    await platform.kv.put('not.our.key', '{"status":"active"}');
    await until(() => view('not.our.key').stale?.why === 'unreadable', 'a key of another make is shown as what it is');
  });
});

/** A connection whose feeds arrive altered. @param alter returns what arrives in place of a message */
async function altered(server: NatsServer, alter: (message: Msg) => readonly Msg[]): Promise<NatsConnection> {
  const connection = await server.connect('editor', { reconnect: false });
  const subscribe = connection.subscribe.bind(connection);
  connection.subscribe = (subject, options) =>
    subscribe(subject, {
      ...options,
      callback: (error, message) => {
        for (const one of alter(message)) void options?.callback?.(error, one);
      },
    });
  return connection;
}

/** Enough data that the server checks in between how far a page has read: it does so after a megabyte or two. */
const LARGE = 1500;

async function fill(bucket: KV): Promise<void> {
  const value = JSON.stringify({ status: 'error', message: 'x'.repeat(4000) });
  await Promise.all(Array.from({ length: LARGE }, (_, n) => bucket.put(`campaign-${n}`, value)));
}

const losing = (server: NatsServer, isLost: (message: Msg) => boolean): Promise<NatsConnection> =>
  altered(server, (message) => (isLost(message) ? [] : [message]));

/** The message with other numbers: its place in the order of messages, and how many wait behind it. */
function counted(
  { subject, data, headers, reply }: Msg,
  change: (order: number, pending: number) => readonly [number, number],
): Msg {
  const tokens = reply!.split('.');
  const [order, pending] = change(Number(tokens[6]), Number(tokens[8]));
  return { subject, data, headers, reply: tokens.with(6, String(order)).with(8, String(pending)).join('.') } as Msg;
}

describeNats('a message that is lost', () => {
  it('during a snapshot: the feed ends', async (t) => {
    const { server, ...at } = await createFixture(t, 20);
    let count = 0;
    const feed = at.feed(at.adapter({ connect: () => losing(server, () => ++count === 5) }));
    assert.equal(await feed.ended(), 'unavailable');
    assert.ok(!feed.types.includes('synced'));
  });

  it('as the last message for a while: the next heartbeat detects it', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 3);
    let lost = 0;
    const isLost = ({ subject }: Msg): boolean => subject.endsWith('.late') && ++lost === 1;
    const page = at.adapter({ connect: () => losing(server, isLost) });
    const feed = await at.feed(page).synced();
    platform.backend.campaigns.add({ system: 'flows', id: 'late' });
    assert.equal(await feed.ended(), 'unavailable');
    const next = await at.feed(page, { since: feed.position }).synced();
    assert.deepEqual([next.open!.mode, next.rows.map(({ id }) => id)], ['resume', ['late']]);
  });

  it('a flow-control request of the server is answered with the next heartbeat', async (t) => {
    const { server, bucket } = await createBucket(t);
    await fill(await bucket());
    for (const lose of [false, true]) {
      let requests = 0;
      const isLost = ({ headers }: Msg): boolean =>
        headers?.description === 'FlowControl Request' && ++requests === 1 && lose;
      // Without loss, no heartbeat is needed.
      const heartbeatMs = lose ? QUICK.heartbeatMs : 60_000;
      const feed = new FeedReader(
        new CountedAdapter(server, { heartbeatMs, connect: () => losing(server, isLost) }).adapter,
      );
      await feed.synced();
      await feed.stop();
      assert.deepEqual([feed.rows.length, requests > 0], [LARGE, true]);
    }
  });
});

describeNats('a page that reads slowly', () => {
  it('waits: the server sends no more than it can hold, and the snapshot ends only after its last row', async (t) => {
    const { server, bucket } = await createBucket(t);
    await fill(await bucket());
    const page = new CountedAdapter(server);
    const controller = new AbortController();
    t.after(() => controller.abort());
    const types: string[] = [];
    let rows = 0;
    for await (const change of page.adapter.watch({
      system: 'flows',
      signal: controller.signal,
    }) as AsyncIterable<Change>) {
      // Several heartbeats pass.
      if (change.type === 'open') await new Promise((resolve) => setTimeout(resolve, 5 * QUICK.heartbeatMs));
      if (types.at(-1) !== change.type) types.push(change.type);
      if (change.type === 'page') rows += change.items.length;
      if (change.type === 'synced') break;
    }
    assert.deepEqual(types, ['open', 'page', 'synced']);
    assert.equal(rows, LARGE);
  });
});

describeNats('the end of a snapshot', () => {
  it('without a last message, because it was purged on its way: heartbeats complete it', async (t) => {
    const { server, ...at } = await createFixture(t, 5);
    const unmarked = (message: Msg): Msg[] =>
      message.headers ? [message] : [counted(message, (order, pending) => [order, pending || 1])];
    const feed = await at.feed(at.adapter({ connect: () => altered(server, unmarked) })).synced();
    assert.equal(feed.rows.length, 5);
  });

  it('with an early end, and rows that come twice because they change meanwhile: each is sent once, before the end', async (t) => {
    const { server, ...at } = await createFixture(t, 3);
    const twice = (message: Msg): Msg[] => [
      counted(message, (order) => [2 * order - 1, 0]),
      counted(message, (order) => [2 * order, 0]),
    ];
    const page = at.adapter({ heartbeatMs: 60_000, connect: () => altered(server, twice) });
    const feed = await at.feed(page).synced();
    assert.deepEqual(feed.types, ['open', 'page', 'synced']);
    assert.equal(feed.rows.length, 3);
  });
});

describeNats('proof of life', () => {
  it('a bucket without changes sends heartbeats as often as promised', async (t) => {
    const at = await createFixture(t, 1);
    const feed = await at.feed(at.adapter()).synced();
    assert.equal(feed.open!.heartbeatMs, QUICK.heartbeatMs);
    const silent: number[] = [];
    let receivedAt = performance.now();
    for (let beat = 1; beat <= 10; beat++) {
      await feed.until('a heartbeat', () => feed.changes.filter(({ type }) => type === 'heartbeat').length >= beat);
      const now = performance.now();
      silent.push(now - receivedAt);
      receivedAt = now;
    }
    // Mostly: a busy machine may pause for a moment.
    const often = silent.toSorted((a, b) => a - b)[6]!;
    assert.ok(often < QUICK.heartbeatMs + 1500, `silent for ${silent.map(Math.round).join(', ')} ms`);
  });

  it('a server that stops is detected within the heartbeat, and the feed resumes when it is back', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 5);
    const client = await at.client().live();
    await client.equals();
    const began = performance.now();
    await server.freeze();
    await client.lost();
    const took = performance.now() - began;
    server.thaw();
    assert.ok(took < QUICK.heartbeatMs + SLACK_MS + 20_000, `noticed after ${took} ms`);
    assert.ok(client.states.includes('stale'));
    platform.backend.campaigns.rename(flow(platform.backend.campaigns.list('flows')[0]!.id), 'Renamed meanwhile');
    await client.equals();
  });

  it('a quiet feed never turns stale', async (t) => {
    const at = await createFixture(t, 1);
    const client = await at.client().live();
    const { length } = client.states;
    await new Promise((resolve) => setTimeout(resolve, SLACK_MS + 10 * QUICK.heartbeatMs));
    assert.deepEqual(client.states.slice(length), []);
  });
});
