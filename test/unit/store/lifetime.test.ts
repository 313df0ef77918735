/** Whatever is opened is closed, and nothing is left. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { defineLifecycle, flows } from '../../../src/lifecycle/index.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { broadcasts } from '../../support/broadcasts.ts';
import { row, ScriptedAdapter } from '../../support/scripted-adapter.ts';
import { adapterError, flow, liveFixture, pythonRef, record, createFixture } from '../../support/store-fixture.ts';
import { until } from '../../support/until.ts';

describe('subscribing and unsubscribing', () => {
  test('the last observer’s leaving ends the feed after the grace period: no feed, timer or listener', async () => {
    const { env, list, feed, store } = await liveFixture([row('a', 'active')], { graceMs: 3000 });
    list.stop();
    await env.advance(2999);
    assert.equal(feed.open, true);
    await env.advance(1);
    assert.equal(feed.open, false);
    assert.equal(feed.unsubscribed, true);
    assert.equal(env.page.listeners, 0);
    assert.equal(store.connection('flows').value.state, 'idle');
    await env.advance(600_000);
    assert.equal(env.timers, 0);
  });

  test('rows are kept for a while after the feed was closed, then dropped', async () => {
    const { env, list, store, adapter } = await liveFixture([row('a', 'active')], { keepMs: 60_000, cursor: 'c1' });
    list.stop();
    await env.advance(5000 + 59_999);
    assert.equal(store.list('flows').value.total, 1);
    await env.advance(1);
    assert.equal(store.list('flows').value.total, 0);
    assert.equal(store.campaign(flow('a')).value.presence, 'loading');
    assert.equal(env.timers, 0);
    record(store.list('flows'));
    await env.advance(0);
    assert.equal(adapter.feed.request.since, undefined);
  });

  test('an observer that returns in time keeps the rows', async () => {
    const { env, list, store, adapter } = await liveFixture([row('a', 'active')], { keepMs: 60_000, cursor: 'c1' });
    list.stop();
    await env.advance(64_000);
    record(store.list('flows'));
    await env.advance(600_000);
    assert.equal(store.list('flows').value.total, 1);
    assert.deepEqual(adapter.feed.request.since, { epoch: 'e1', cursor: 'c1' });
  });

  test('fault 46: leaving and returning in one task keeps the connection', async () => {
    const { env, adapter, list, store } = await liveFixture([row('a', 'active')]);
    list.stop();
    const again = record(store.list('flows'));
    await env.advance(6000);
    assert.equal(adapter.watches.length, 1);
    assert.deepEqual(again.values[0]!.ids, ['a']);
  });

  test('a hundred times leaves nothing behind', async () => {
    const { env, adapter, store } = createFixture({ graceMs: 100 });
    for (let turn = 0; turn < 100; turn++) {
      const all = [
        record(store.campaign(flow('a'))),
        record(store.list('flows')),
        record(store.campaign(pythonRef('b'))),
        record(store.connection('flows')),
        record(store.diagnosis(flow('a'))),
        record(store.log(pythonRef('b'))),
      ];
      await env.advance(turn % 3 ? 0 : 20);
      for (const one of all) one.stop();
      await env.advance(turn % 2 ? 50 : 200);
    }
    await env.advance(600_200);
    assert.equal(env.timers, 0);
    assert.equal(env.page.listeners, 0);
    assert.equal(adapter.openFeeds, 0);
    assert.ok(adapter.logs.every(({ open }) => !open));
    assert.ok(adapter.diagnoses.every(({ signal }) => signal!.aborted));
  });

  test('a returning observer gets the old list at once, marked as old', async () => {
    const { env, list, store } = await liveFixture([row('a', 'active')]);
    list.stop();
    await env.advance(60_000);
    assert.deepEqual(record(store.list('flows')).values[0]!.ids, ['a']);
    assert.ok(record(store.campaign(flow('a'))).values[0]!.stale);
  });
});

describe('dispose', () => {
  test('leaves no timer, listener, feed or request; Observables complete, pending promises settle', async () => {
    const { env, adapter, store, reports } = await liveFixture([row('a', 'active')]);
    let completed = 0;
    const complete = (): void => void completed++;
    store.campaign(flow('a')).subscribe({ complete });
    store.list('python').subscribe({ complete });
    store.connection('flows').subscribe({ complete });
    store.diagnosis(flow('a')).subscribe({ complete });
    store.log(pythonRef('b')).subscribe({ complete });
    await env.advance(0);
    const outcome = store.perform(flow('a'), 'stop');
    const refreshed = store.refresh({ system: 'flows' });
    const read = store.refresh(flow('a'));
    env.page.hide();
    store.dispose();
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    await refreshed;
    adapter.gets[0]!.answer({ campaign: row('a', 'error', 9), epoch: 'e1' });
    await read;
    assert.equal(completed, 5);
    assert.equal(env.timers, 0);
    assert.equal(env.page.listeners, 0);
    assert.equal(adapter.openFeeds, 0);
    assert.equal(adapter.acts[0]!.request.signal.aborted, true);
    assert.equal(adapter.gets[0]!.signal!.aborted, true);
    assert.ok(adapter.logs.every(({ open }) => !open));
    assert.ok(adapter.diagnoses.every(({ signal }) => signal!.aborted));
    const count = reports.length;
    await env.advance(3_600_000);
    assert.equal(reports.length, count);
    assert.equal(env.timers, 0);
  });

  for (const [name, prepare] of [
    ['while waiting', (s: Awaited<ReturnType<typeof liveFixture>>) => s.feed.fail()],
    ['while signing in', (s) => s.feed.fail(adapterError('unauthenticated'))],
    ['while paused', (s) => s.env.page.enterCache()],
    ['within the grace period', (s) => s.list.stop()],
    ['in the middle of a snapshot', (s) => (void s.store.refresh({ system: 'flows' }), s.adapter.feed.opens())],
    [
      'with an action to be sent again',
      (s) => (void s.store.perform(flow('a'), 'stop'), s.adapter.acts[0]!.fail(new Error())),
    ],
  ] as readonly [string, (s: Awaited<ReturnType<typeof liveFixture>>) => void][])
    test(`${name}`, async () => {
      const all = await liveFixture([row('a', 'active')]);
      prepare(all);
      await all.env.advance(0);
      all.store.dispose();
      all.store.dispose();
      await all.env.advance(0);
      assert.equal(all.env.timers, 0);
      assert.equal(all.env.page.listeners, 0);
      assert.equal(all.adapter.openFeeds, 0);
      for (const question of all.adapter.signIns) question.answer();
      await all.env.advance(3_600_000);
      assert.equal(all.adapter.openFeeds, 0);
      assert.equal(all.env.timers, 0);
    });

  test('afterwards every method can be called, and does nothing', async () => {
    const { env, adapter, store } = await liveFixture([row('a', 'active')]);
    store.dispose();
    const watches = adapter.watches.length;
    const late = record(store.list('flows'));
    assert.equal(late.values.length, 1);
    record(store.list('python'));
    record(store.log(flow('a')));
    assert.deepEqual(await store.perform(flow('a'), 'stop'), { outcome: 'refused', reason: { code: 'unavailable' } });
    await store.refresh({ system: 'flows' });
    await store.refresh({ system: 'python' });
    store.dismiss(flow('a'));
    await env.advance(1000);
    assert.equal(adapter.watches.length, watches);
    assert.equal(env.timers, 0);
  });

  test('two stores with one adapter share nothing', async () => {
    const adapter = new ScriptedAdapter();
    const one = createFixture({ adapter });
    const other = createFixture({ adapter });
    record(one.store.list('flows'));
    record(other.store.list('flows'));
    await one.env.advance(0);
    one.store.dispose();
    assert.equal(adapter.openFeeds, 1);
  });
});

describe('options', () => {
  const environment = createFixture().env;
  const adapter = new ScriptedAdapter();

  test('an adapter without watch or act is refused', () => {
    const HINT = 'pass { adapter: httpAdapter({ src }) }, or your own adapter';
    for (const [options, message] of [
      [undefined, 'createCampaignStore: adapter.watch must be a function, got undefined; ' + HINT],
      [{}, 'createCampaignStore: adapter.watch must be a function, got undefined; ' + HINT],
      [{ watch: () => {} }, 'createCampaignStore: adapter.act must be a function, got undefined; ' + HINT],
      [{ watch: 'x', act: () => {} }, 'createCampaignStore: adapter.watch must be a function, got string; ' + HINT],
    ] as const)
      assert.throws(() => createCampaignStore({ adapter: options as never }), { name: 'TypeError', message });
    assert.throws(() => createCampaignStore(undefined as never), TypeError);
  });

  test('invalid times are refused', () => {
    for (const name of ['graceMs', 'hiddenMs', 'uncertainAfterMs', 'slackMs'])
      for (const ms of [NaN, -1, '5s', Infinity, null, 2 ** 31])
        assert.throws(() => createCampaignStore({ adapter, environment, [name]: ms }), {
          name: 'TypeError',
          message: `createCampaignStore: ${name} must be a number of ms from 0 to 2147483647, got ${JSON.stringify(ms)}`,
        });
    createCampaignStore({ adapter, environment, graceMs: 0, slackMs: 0 }).dispose();
  });

  test('invalid lifecycles, or two of one system, are refused', () => {
    const plain = { ...flows };
    for (const lifecycles of [[plain], [null], ['flows'], [{}]])
      assert.throws(() => createCampaignStore({ adapter, environment, lifecycles: lifecycles as never }), {
        name: 'LifecycleError',
        message: 'lifecycles: holds a value that is no lifecycle; pass what defineLifecycle() returned',
      });
    assert.throws(() => createCampaignStore({ adapter, environment, lifecycles: flows as never }), {
      message: 'lifecycles: must be a list; pass [flows, python], or those of your own',
    });
    assert.throws(() => createCampaignStore({ adapter, environment, lifecycles: [flows, defineLifecycle(flows)] }), {
      message: 'lifecycles: holds two lifecycles for "flows"; pass one for each system',
    });
  });

  test('a third system works like the two of the kit', async () => {
    const { store, env, adapter: scripted } = createFixture({ lifecycles: [broadcasts] });
    assert.deepEqual([...store.lifecycles.keys()], ['broadcasts']);
    record(store.list('broadcasts'));
    await env.advance(0);
    scripted.feed.snapshot([row('a', 'finished'), row('b', 'running')]);
    await env.frameOver();
    assert.equal(store.campaign({ system: 'broadcasts', id: 'a' }).value.action, undefined);
    assert.deepEqual(store.campaign({ system: 'broadcasts', id: 'b' }).value.actions[1], { action: 'cancel' });
    void store.perform({ system: 'broadcasts', id: 'b' }, 'cancel');
    assert.equal(scripted.acts[0]!.request.action, 'cancel');
    assert.equal(store.campaign(flow('a')).value.presence, 'absent');
  });

  test('without an environment it runs in plain Node', async () => {
    const scripted = new ScriptedAdapter();
    const store = createCampaignStore({ adapter: scripted, graceMs: 0 });
    const list = record(store.list('flows'));
    await until(() => scripted.openFeeds > 0);
    scripted.feed.snapshot([row('a', 'active')]);
    await until(() => list.last.ids.length > 0);
    assert.deepEqual(list.last.ids, ['a']);
    store.dispose();
    assert.equal(scripted.openFeeds, 0);
  });
});

test('util, lifecycle, i18n, adapters and store use no DOM, and each imports only what it may', () => {
  const src = new URL('../../../src/', import.meta.url);
  const allowed: Readonly<Record<string, RegExp>> = {
    util: /^util\//,
    lifecycle: /^(lifecycle|util)\//,
    i18n: /^(i18n|lifecycle|util)\//,
    adapters: /^(adapters\/|lifecycle\/|util\/|eventsource-parser$|@nats-io\/|rxjs$|valibot$)/,
    store:
      /^(store\/|lifecycle\/|util\/|adapters\/(contract|heartbeat|optional|read-feed|revision-order)\.ts$|rxjs$|valibot$)/,
  };
  for (const [layer, pattern] of Object.entries(allowed)) {
    const folder = new URL(`${layer}/`, src);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      const file = new URL(name, folder);
      const source = readFileSync(file, 'utf8');
      for (const [, from = ''] of source.matchAll(/from '([^']+)'/g)) {
        const to = from.startsWith('.') ? new URL(from, file).href.slice(src.href.length) : from;
        assert.match(to, pattern, `${layer}/${name}`);
      }
      if (name.endsWith('environment.ts')) continue;
      const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      assert.doesNotMatch(
        code,
        /\b(window|document|navigator|HTMLElement|localStorage|customElements)\b/,
        `${layer}/${name}`,
      );
    }
  }
});

test('the last value of a disposed store marks everything as last known', async () => {
  const { env, feed, store } = await liveFixture([row('a', 'active', 1)]);
  const seen = record(store.campaign(flow('a')));
  feed.push({ type: 'heartbeat' });
  const receivedAt = env.now();
  await env.frameOver();
  await env.advance(1000);
  store.dispose();
  assert.equal(seen.last?.status, 'active');
  assert.deepEqual(seen.last?.stale, { asOf: receivedAt, why: 'feed' });
  assert.equal(await store.refresh(flow('a')), false);
});

test('after dispose no connection is live, and a pending request is not confirmed', async () => {
  const { env, adapter, store, reports } = await liveFixture([row('a', 'active')]);
  const connection = record(store.connection('flows'));
  const a = record(store.campaign(flow('a')));
  const outcome = store.perform(flow('a'), 'stop');
  await env.frameOver();
  assert.equal(connection.last.state, 'live');
  store.dispose();
  assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
  assert.equal(a.last.request?.phase, 'uncertain');
  for (const { state, lost } of [connection.last, store.connection('flows').value]) {
    assert.equal(state, 'idle');
    assert.ok(lost);
  }
  adapter.acts[0]!.answer({ outcome: 'conflict', campaign: row('a', 'error', 2), epoch: 'e1' });
  await env.advance(0);
  assert.equal(store.campaign(flow('a')).value.status, 'active', 'an answer that comes later is ignored');
  assert.deepEqual(reports, []);
});

test('a reading that dispose aborts is not reported as a failure', async () => {
  const { env, store, adapter, reports } = await liveFixture([row('a', 'active')]);
  const read = store.refresh(flow('a'));
  store.dispose();
  assert.equal(adapter.gets[0]!.signal!.aborted, true);
  adapter.gets[0]!.fail(new DOMException('aborted', 'AbortError'));
  assert.equal(await read, false);
  await env.advance(0);
  assert.deepEqual(reports, []);
});
