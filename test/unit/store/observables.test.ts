/**
 * What observers can rely on: a value at once, at most one per frame, and the same reference until something changes.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { firstValueFrom, map } from 'rxjs';
import type { CampaignView, ListView } from '../../../src/store/index.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import {
  consoleErrors,
  flow,
  liveFixture,
  record,
  createFixture,
  uncaughtErrors,
} from '../../support/store-fixture.ts';

describe('the first value', () => {
  test('is emitted synchronously, before anything was read', () => {
    const { store } = createFixture();
    assert.equal(record(store.campaign(flow('a'))).last.presence, 'loading');
    const { size, total, counts, complete } = record(store.list('flows')).last;
    assert.deepEqual({ size, total, counts, complete }, { size: 0, total: 0, counts: new Map(), complete: false });
    assert.equal(record(store.connection('flows')).last.state, 'idle');
    assert.equal(record(store.diagnosis(flow('a'))).last.outlook, 'unknown');
    assert.equal(record(store.log({ system: 'python', id: 'a' })).last.state, 'loading');
    assert.equal(record(store.log(flow('a'))).last.state, 'unsupported');
  });

  test('says why, once the feed fails before the campaign was read, until it was', async () => {
    const { store, adapter, env, view } = createFixture();
    const { values } = record(store.campaign(flow('a')));
    await env.advance(0);
    for (const reason of ['no route', 'no route', 'too busy']) {
      adapter.feed.fail(new Error(reason));
      await env.frameOver();
      assert.equal(view('a').loadError?.message, reason);
      await env.advance(2500);
    }
    assert.equal(values.length, 3);
    adapter.feed.snapshot([row('a', 'active')]);
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
    assert.equal(view('a').loadError, undefined);
    adapter.feed.fail();
    await env.advance(2000);
    assert.equal(view('a').loadError, undefined);
    assert.ok(view('a').stale);
  });

  test('is the current one for a later observer', async () => {
    const { store } = await liveFixture([row('a', 'active')]);
    assert.equal(record(store.campaign(flow('a'))).values[0]!.status, 'active');
  });

  test('of an unknown system differs from an absent campaign', () => {
    const { store } = createFixture();
    assert.equal(store.connection('nowhere').value.state, 'misconfigured');
    assert.match(store.connection('nowhere').value.cause!.message, /no system "nowhere"; known: flows, python/);
    assert.equal(store.campaign({ system: '__proto__', id: 'a' }).value.presence, 'absent');
    assert.deepEqual(store.list('constructor').value.ids, []);
  });
});

describe('references', () => {
  test('the same ref has the same Observable while it is observed', async () => {
    const { store } = await liveFixture([row('a', 'active')]);
    const live = store.campaign(flow('a'));
    const { stop } = record(live);
    assert.equal(store.campaign(flow('a')), live);
    assert.notEqual(store.campaign({ system: 'python', id: 'a' }), live);
    assert.equal(store.list('flows'), store.list('flows', { sort: 'name' }));
    stop();
  });

  test('an Observable that was released shows the same as a new one', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const old = store.campaign(flow('a'));
    record(old).stop();
    const fresh = record(store.campaign(flow('a')));
    feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.equal(fresh.last.status, 'error');
    assert.equal(old.value, fresh.last);
    assert.equal(record(old).last, fresh.last);
  });

  test('a value keeps its reference until something changes, observed or not', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    const live = store.campaign(flow('a'));
    const before = live.value;
    assert.equal(live.value, before);
    const { values } = record(live);
    assert.equal(values[0], before);
    feed.upsert(row('b', 'error', 2));
    feed.heartbeat();
    await env.frameOver();
    assert.equal(live.value, before);
    assert.deepEqual(values, [before]);
  });

  test('numeric ids mean the same campaign everywhere', async () => {
    const { store, adapter } = await liveFixture([row('42', 'active')]);
    const ref = { system: 'flows', id: 42 as unknown as string };
    assert.equal(store.campaign(ref).value.status, 'active');
    void store.perform(ref, 'stop');
    assert.equal(adapter.acts[0]!.request.ref.id, '42');
    assert.equal(store.campaign(ref).value.request?.phase, 'pending');
  });
});

test('the store’s Observables work like any other', async () => {
  const { store } = await liveFixture([row('a', 'active')]);
  assert.equal((await firstValueFrom(store.campaign(flow('a')))).status, 'active');
  const statuses: string[] = [];
  const subscription = store
    .campaign(flow('a'))
    .pipe(map(({ status }) => status))
    .subscribe((status) => statuses.push(status));
  subscription.unsubscribe();
  assert.deepEqual(statuses, ['active']);
});

describe('emissions', () => {
  test('fault 29: each observer is notified once per frame, of the last state', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const one = record(store.campaign(flow('a')));
    const list = record(store.list('flows'));
    const before = { one: one.values.length, list: list.values.length };
    for (let revision = 2; revision <= 1000; revision++)
      feed.upsert(row('a', revision % 2 ? 'active' : 'error', revision), row(`x${revision}`, 'active', revision));
    assert.equal(one.values.length, before.one);
    await env.frameOver();
    assert.equal(one.values.length, before.one + 1);
    assert.equal(list.values.length, before.list + 1);
    assert.equal(one.last.status, 'error');
    assert.equal(list.last.total, 1000);
  });

  test('invariant 12: list, campaign and counts agree in every notification', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const seen: string[] = [];
    const look = (): void => {
      const view = store.campaign(flow('a')).value;
      const { counts, total } = store.list('flows').value;
      seen.push(`${view.status} ${[...counts].join()} ${total}`);
    };
    store.list('flows').subscribe(look);
    store.campaign(flow('a')).subscribe(look);
    seen.length = 0;
    feed.upsert(row('a', 'error', 2));
    look();
    await env.frameOver();
    assert.deepEqual(seen, ['active active,1 1', 'error error,1 1', 'error error,1 1']);
  });

  test('an observer of one id is notified of that id only', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    const a = record(store.campaign(flow('a')));
    const other = record(store.campaign({ system: 'python', id: 'b' }));
    feed.upsert(row('b', 'error', 2));
    await env.frameOver();
    assert.equal(a.values.length, 1);
    assert.equal(other.values.length, 1);
  });
});

describe('observers that misbehave', () => {
  test('fault 48: one that throws does not affect the others, and is reported once', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const before = record(store.campaign(flow('a')));
    store.campaign(flow('a')).subscribe((view) => {
      if (view.status === 'error') throw new Error('observer');
    });
    const after = record(store.campaign(flow('a')));
    const thrown = await uncaughtErrors(async () => {
      feed.upsert(row('a', 'error', 2));
      await env.frameOver();
    });
    assert.deepEqual(
      thrown.map((error) => (error as Error).message),
      ['observer'],
    );
    for (const { last } of [before, after]) assert.equal(last.status, 'error');
    feed.upsert(row('a', 'active', 3));
    await env.frameOver();
    assert.equal(after.last.status, 'active');
    assert.equal(store.connection('flows').value.state, 'live');
  });

  test('fault 48: one that unsubscribes itself or another inside `next` loses no value of others', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const live = store.campaign(flow('a'));
    const received: string[] = [];
    let selfCount = 0;
    const self = live.subscribe(({ status }) => {
      received.push(`self ${status}`);
      if (++selfCount === 2) {
        self.unsubscribe();
        other.unsubscribe();
      }
    });
    const other = live.subscribe(({ status }) => void received.push(`other ${status}`));
    live.subscribe(({ status }) => void received.push(`last ${status}`));
    received.length = 0;
    feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.deepEqual(received, ['self error', 'last error']);
  });

  test('fault 48: one that requests an action inside `next`: all are notified once, in order', async () => {
    const { store, feed, env, adapter } = await liveFixture([row('a', 'inactive')]);
    const live = store.campaign(flow('a'));
    const received: string[][] = [[], []];
    const summary = (view: CampaignView): string => `${view.status} ${view.request?.phase ?? '-'}`;
    live.subscribe((view) => {
      received[0]!.push(summary(view));
      if (view.status === 'error') void store.perform(flow('a'), 'start');
    });
    live.subscribe((view) => void received[1]!.push(summary(view)));
    feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.equal(adapter.acts.length, 1);
    assert.deepEqual(received[0], ['inactive -', 'error -', 'error pending']);
    assert.deepEqual(received[1], ['inactive -', 'error pending']);
  });

  test('one that subscribes inside `next` gets the current value', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    let inner: ListView | undefined;
    store.campaign(flow('a')).subscribe(({ status }) => {
      if (status === 'error') inner = record(store.list('flows', { statuses: ['error'] })).last;
    });
    feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.deepEqual(inner!.ids, ['a']);
  });

  test('one that subscribes another observer inside `next`: that one is notified once', async () => {
    const { store, feed, env } = await liveFixture([row('a', 'active')]);
    const live = store.campaign(flow('a'));
    let inner: readonly CampaignView[] = [];
    live.subscribe(({ status }) => {
      if (status === 'error') inner = record(live).values;
    });
    feed.upsert(row('a', 'error', 2));
    await env.frameOver();
    assert.deepEqual(
      inner.map(({ status }) => status),
      ['error'],
    );
  });

  test('a report() that asks for a refresh in the middle of a page: rows of two epochs never mix', async () => {
    const { store, adapter, env, view } = createFixture({
      report: ({ kind }) => {
        if (kind === 'dropped') void store.refresh({ system: 'flows' });
      },
    });
    record(store.list('flows'));
    await env.advance(0);
    adapter.feed.snapshot([row('a', 'active', 5), row('b', 'active', 5)]);
    adapter.feed.fail();
    await env.advance(1000);
    adapter.feed.opens({ epoch: 'e2' });
    adapter.feed.push({ type: 'page', items: [null, row('a', 'error', 9)] });
    await env.frameOver();
    assert.deepEqual([view('a').status, view('b').status], ['active', 'active']);
    adapter.feed.push({ type: 'synced' });
    await env.frameOver();
    assert.deepEqual([view('a').status, view('b').presence], ['error', 'gone']);
  });

  test('a report() that disposes of the store at the end of a snapshot: nothing is left', async () => {
    // This feed promises no heartbeat, so the store sets a timer once it is live.
    const adapter = new ScriptedAdapter();
    const { store, env } = createFixture({
      adapter,
      report: ({ kind }) => {
        if (kind === 'conflict') store.dispose();
      },
    });
    const open = { type: 'open', mode: 'snapshot', epoch: 'e1' };
    record(store.list('flows'));
    const connection = record(store.connection('flows'));
    await env.advance(0);
    adapter.feed.push(open, { type: 'page', items: [row('a', 'active', 5)] }, { type: 'synced', cursor: 'c1' });
    const outcome = store.perform(flow('a'), 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    adapter.feed.fail();
    await env.advance(1000);
    adapter.feed.push(open, { type: 'synced', cursor: 'c2' });
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
    await env.advance(0);
    assert.equal(connection.last.state, 'idle');
    assert.equal(env.timers, 0);
    assert.equal(adapter.openFeeds, 0);
  });

  test('a report() that throws is logged, and has no other effect', async () => {
    const { store, env, adapter } = createFixture({
      report: () => {
        throw new Error('report');
      },
    });
    const errors = await consoleErrors(async () => {
      const list = record(store.list('flows'));
      await env.advance(0);
      adapter.feed.snapshot([{ nonsense: true }, row('a', 'active')]);
      await env.frameOver();
      assert.deepEqual(list.last.ids, ['a']);
      assert.equal(store.connection('flows').value.state, 'live');
    });
    assert.match(errors.join(), /report\(\) threw/);
  });
});

describe('lists', () => {
  const rows = [
    row('1', 'error', 1, { name: 'Äpfel 10', at: 3 }),
    row('2', 'active', 1, { name: 'apfel 9', at: 1 }),
    row('3', 'inactive', 1, { name: 'Birnen', at: 2 }),
    row('4', 'brand-new', 1, { name: 'Zitronen' }),
  ];

  test('are sorted by name as people sort, by status in the lifecycle’s order, by time', async () => {
    const { store } = await liveFixture(rows);
    assert.deepEqual(store.list('flows').value.ids, ['2', '1', '3', '4']);
    assert.deepEqual(store.list('flows', { sort: 'status' }).value.ids, ['3', '2', '1', '4']);
    assert.deepEqual(store.list('flows', { sort: 'at' }).value.ids, ['4', '2', '3', '1']);
    assert.deepEqual(store.list('flows', { sort: 'at', descending: true }).value.ids, ['1', '3', '2', '4']);
  });

  test('are filtered by status and text; counts show what each filter would match', async () => {
    const { store } = await liveFixture(rows);
    const { ids, counts, total } = store.list('flows', { statuses: ['active'], text: ' APFEL ' }).value;
    assert.deepEqual(ids, ['2']);
    assert.deepEqual(
      counts,
      new Map([
        ['error', 1],
        ['active', 1],
      ]),
    );
    assert.equal(total, 4);
    assert.deepEqual(store.list('flows', { text: '3' }).value.ids, ['3']);
    assert.deepEqual(store.list('flows', { statuses: [] }).value.ids.length, 4);
  });
});
