/** Faults of feeds that the tests of the store's parts do not cover. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { ListView } from '../../../src/store/index.ts';
import { httpAdapter, type CampaignAdapter, type Change } from '../../../src/adapters/index.ts';
import { TestEnvironment } from '../../support/environment.ts';
import { row } from '../../support/scripted-adapter.ts';
import {
  consoleErrors,
  flow,
  liveFixture,
  record,
  createFixture,
  type StoreFixture,
} from '../../support/store-fixture.ts';
import { FakeWire, snapshot } from './fake-wire.ts';

const ids = (list: { readonly last: unknown }): readonly string[] => (list.last as ListView).ids;

describe('a later snapshot', () => {
  test('fault 2: the list is never shorter than the old or the new one', async () => {
    for (const epoch of ['e1', 'e2']) {
      const { store, adapter, env, feed } = await liveFixture(['a', 'b', 'c', 'd'].map((id) => row(id, 'active')));
      const lengths: number[] = [];
      store.list('flows').subscribe(({ ids: shown }) => void lengths.push(shown.length));
      feed.fail();
      await env.advance(1500);
      adapter.feed.opens({ epoch });
      for (const id of ['c', 'd', 'e']) {
        adapter.feed.push({ type: 'page', items: [row(id, 'error', 2)] });
        await env.frameOver();
      }
      adapter.feed.syncs();
      await env.frameOver();
      assert.equal(lengths.at(-1), 3, epoch);
      assert.ok(Math.min(...lengths) >= 3, `${epoch}: ${lengths.join()}`);
    }
  });
});

describe('repeated data', () => {
  test('fault 3: the value keeps its reference when an upsert or a snapshot repeats it', async () => {
    const { store, adapter, env, feed, view } = await liveFixture([row('a', 'active', 5, { message: 'm' })]);
    record(store.campaign(flow('a')));
    const before = view('a');
    feed.upsert(row('a', 'active', 5, { message: 'm' }));
    await env.frameOver();
    assert.equal(view('a'), before);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active', 5, { message: 'm' })]);
    await env.frameOver();
    assert.equal(view('a'), before);
  });

  test('fault 8: a removed campaign returns with a higher revision only', async () => {
    const { env, feed, list } = await liveFixture([row('a', 'active', 5)]);
    feed.remove('a', 6);
    for (const [revision, shown] of [
      [5, []],
      [6, []],
      [7, ['a']],
    ] as const) {
      feed.upsert(row('a', 'inactive', revision));
      await env.frameOver();
      assert.deepEqual(ids(list), shown, `revision ${revision}`);
    }
  });
});

describe('fault 13: a backend that restarts its revisions unannounced is believed in the end', () => {
  /** An hour of heartbeats; each new attempt gets these rows. */
  async function hour(
    { adapter, env }: StoreFixture,
    rows: () => readonly unknown[],
    each = (): void => {},
  ): Promise<void> {
    let served = adapter.watches.length;
    for (let at = 0; at < 3_600_000; at += 4000) {
      await env.advance(4000);
      if (adapter.watches.length === served) adapter.feed.heartbeat();
      for (; served < adapter.watches.length; served++) adapter.watches[served]!.snapshot(rows());
      each();
    }
  }

  test('fewer late rows than the threshold: a snapshot every minute or two, three times', async () => {
    const all = await liveFixture([row('a', 'active', 50), row('b', 'active', 3)]);
    all.feed.end();
    await all.env.advance(1000);
    const rows = [row('a', 'error', 3), row('b', 'active', 3)];
    all.adapter.feed.snapshot(rows);
    await hour(all, () => rows);
    assert.equal(all.view('a').status, 'error');
    assert.equal(all.adapter.watches.length, 5, 'and then it is let alone');
    assert.equal(all.store.connection('flows').value.counters.regressions, 3);
  });

  test('it resumes, and every change arrives late', async () => {
    const all = await liveFixture([row('a', 'active', 50)]);
    all.feed.end();
    await all.env.advance(1000);
    all.adapter.feed.resumes([row('a', 'error', 3)]);
    let revision = 3;
    await hour(
      all,
      () => [row('a', 'error', revision)],
      () => {
        if (++revision % 50 === 0) all.adapter.feed.upsert(row('a', 'error', revision / 50));
      },
    );
    assert.equal(all.view('a').status, 'error');
  });

  test('a campaign that it had removed and has again', async () => {
    const all = await liveFixture([row('a', 'active', 50)]);
    all.feed.remove('a', 51);
    for (const revision of [3, 4, 5]) all.feed.upsert(row('a', 'error', revision));
    await hour(all, () => [row('a', 'error', 5)]);
    assert.equal(all.view('a').status, 'error');
  });

  test('a change that was merely late is counted, and costs nothing', async () => {
    const all = await liveFixture([row('a', 'active', 50)]);
    all.feed.upsert(row('a', 'error', 49));
    await hour(all, () => [row('a', 'active', 50)]);
    assert.equal(all.view('a').status, 'active');
    assert.equal(all.adapter.watches.length, 1);
    assert.equal(all.store.connection('flows').value.counters.late, 1);
  });

  test('three late changes cost one snapshot, and known rows stay', async () => {
    const all = await liveFixture([row('a', 'active', 50)]);
    for (const revision of [47, 48, 49]) all.feed.upsert(row('a', 'error', revision));
    all.adapter.feed.snapshot([row('a', 'active', 50)]);
    await hour(all, () => [row('a', 'active', 50)]);
    assert.equal(all.view('a').status, 'active');
    assert.equal(all.adapter.watches.length, 2);
    assert.equal(all.reported('resync'), 1);
  });
});

describe('fault 20: the outcome of each HTTP answer to the feed', () => {
  let env: TestEnvironment;
  let wire: FakeWire;
  let all: StoreFixture;
  const state = (): string => all.store.connection('flows').value.state;
  const watches = (): number => wire.to('/watch').length;

  beforeEach(async () => {
    env = new TestEnvironment();
    wire = new FakeWire(env);
    all = createFixture({ adapter: wire.adapter, environment: env });
    record(all.store.list('flows'));
    await env.advance(0);
    wire.streams[0]!.send(...snapshot([row('a', 'active')]));
    await env.advance(50);
    assert.equal(state(), 'live');
  });

  /** The feed breaks, and its next attempt gets this answer. */
  async function answered(...answer: Parameters<FakeWire['answer']>): Promise<void> {
    wire.answer(...answer);
    wire.streams.at(-1)!.end();
    await env.advance(550);
  }

  test('401: one sign-in for the feed and an action, nothing sent meanwhile; then both continue', async () => {
    let signedIn!: () => void;
    wire.signIn = new Promise((resolve) => (signedIn = resolve));
    await answered(401, { times: 2 });
    const outcome = all.store.perform(flow('a'), 'stop');
    await env.advance(10_000);
    assert.equal(state(), 'unauthenticated');
    assert.equal(wire.signIns, 1);
    assert.deepEqual([watches(), wire.to('/stop').length], [2, 1]);
    signedIn();
    await env.advance(0);
    assert.deepEqual([watches(), wire.to('/stop').length], [3, 2]);
    assert.equal(wire.to('/watch')[2]!.headers.get('last-event-id'), 'e1:c1');
    assert.equal(
      wire.to('/stop')[0]!.headers.get('idempotency-key'),
      wire.to('/stop')[1]!.headers.get('idempotency-key'),
    );
    wire.streams
      .at(-1)!
      .send(
        { type: 'open', mode: 'resume', epoch: 'e1' },
        { type: 'upsert', items: [row('a', 'inactive', 2)], cursor: 'c2' },
        { type: 'synced', cursor: 'c2' },
      );
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(wire.signIns, 1);
  });

  test('403: reported as forbidden, and retried slowly', async () => {
    await answered(403, { body: { detail: 'Not yours.' } });
    assert.equal(state(), 'forbidden');
    assert.match(all.store.connection('flows').value.cause!.message, /403: Not yours\./);
    await env.advance(59_000);
    assert.equal(watches(), 2);
    await env.advance(1000);
    assert.equal(watches(), 3);
    assert.equal(wire.signIns, 0);
  });

  for (const status of [429, 503])
    test(`${status}: not before Retry-After, in seconds or as a date of a clock that is a day off`, async () => {
      const serverTime = env.now() + 86_400_000;
      const date = { date: new Date(serverTime).toUTCString() };
      for (const retryAfter of ['90', new Date(serverTime + 90_000).toUTCString()]) {
        const before = watches();
        await answered(status, { headers: { 'retry-after': retryAfter, ...date } });
        assert.equal(watches(), before + 1);
        await env.advance(88_000);
        assert.equal(watches(), before + 1, retryAfter);
        await env.advance(3000);
        assert.equal(watches(), before + 2, retryAfter);
        wire.streams.at(-1)!.send(...snapshot([row('a', 'active')]));
        await env.advance(31_000);
        assert.equal(state(), 'live');
      }
    });

  test('a Retry-After of a week counts as an hour', async () => {
    await answered(503, { headers: { 'retry-after': String(7 * 86_400) } });
    await env.advance(3_590_000);
    assert.equal(watches(), 2);
    await env.advance(10_000);
    assert.equal(watches(), 3);
  });

  for (const status of [500, 502, 504])
    test(`${status}: a lost connection, retried with growing delays`, async () => {
      await answered(status, { times: 5 });
      await env.advance(16_000);
      const at = wire.to('/watch').map((sent) => sent.at);
      assert.deepEqual(
        at
          .slice(1)
          .map((time, index) => time - at[index]!)
          .slice(1),
        [1000, 2000, 4000, 8000],
      );
    });

  for (const [what, answer] of [
    ['400', [400]],
    ['404', [404]],
    ['a page of HTML', [200, { headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }]],
  ] as const)
    test(`${what}: misconfigured, retried slowly, logged once`, async () => {
      const [status, options = {}] = answer;
      const errors = await consoleErrors(async () => {
        await answered(status, { ...options, times: 4 });
        assert.equal(state(), 'misconfigured');
        await env.advance(59_000);
        assert.equal(watches(), 2);
        await env.advance(150_000);
      });
      assert.equal(watches(), 5);
      assert.equal(errors.length, 1);
      assert.match(errors[0]!, /the feed of "flows" is misconfigured: .* answered /);
    });
});

test('fault 26: one event of almost four megabytes in the smallest chunks is read in linear time', async () => {
  const piece = 256;
  const event = new TextEncoder().encode(`data: {"type":"heartbeat","x":"${'x'.repeat(4_000_000)}"}\n\n`);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at < event.length) controller.enqueue(event.subarray(at, (at += piece)));
      else controller.close();
    },
  });
  const adapter: CampaignAdapter<unknown> = httpAdapter({
    src: '/api',
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })),
  });
  const read: unknown[] = [];
  const before = process.cpuUsage();
  const feed = adapter.watch({ system: 'flows', signal: new AbortController().signal });
  for await (const change of feed as AsyncIterable<Change<unknown>>) read.push(change.type);
  // This takes about 0.1 s of work, however busy the machine is; copying all bytes for each piece would move thirty
  // gigabytes.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 3_000_000, `${(user + system) / 1000} ms`);
  assert.deepEqual(read, ['heartbeat']);
});
