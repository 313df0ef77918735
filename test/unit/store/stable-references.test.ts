/** A value that nobody observes keeps its reference until something changes, as React's useSyncExternalStore needs it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CampaignStore, Live } from '../../../src/store/index.ts';
import { row, type ScriptedAdapter } from '../../support/scripted-adapter.ts';
import {
  adapterError,
  createFixture,
  flow,
  liveFixture,
  pythonRef,
  record,
  type StoreFixture,
} from '../../support/store-fixture.ts';

/** Gets a Live; called for each read, as a component does in each render. */
type Get = (store: CampaignStore) => Live<unknown>;

const LIVES: Readonly<Record<string, Get>> = {
  campaign: (store) => store.campaign(flow('a')),
  list: (store) => store.list('flows'),
  'list with a query': (store) => store.list('flows', { statuses: ['active'], text: 'a', sort: 'status' }),
  connection: (store) => store.connection('flows'),
  diagnosis: (store) => store.diagnosis(flow('a')),
  log: (store) => store.log(pythonRef('a')),
  'log that is unsupported': (store) => store.log(flow('a')),
  history: (store) => store.history(flow('a')),
  'history with a limit': (store) => store.history(flow('a'), 5),
};

/** Asserts that each read gives the same reference. @returns it */
function stable(store: CampaignStore, get: Get): unknown {
  const { value } = get(store);
  for (let read = 0; read < 3; read++) assert.equal(get(store).value, value);
  return value;
}

for (const [name, get] of Object.entries(LIVES))
  describe(`${name}, unobserved: the same reference`, () => {
    test('before anything was read', () => {
      stable(createFixture().store, get);
    });

    test('while the feed is live, and after changes that do not concern it', async () => {
      const { store, env, feed } = await liveFixture([row('a', 'active', 1, { name: 'a' })]);
      const before = stable(store, get);
      feed.heartbeat();
      feed.upsert(row('a', 'active', 2, { name: 'a' }));
      await env.frameOver();
      assert.equal(stable(store, get), before);
    });

    test('of a Live that is kept and of a new one, also after changes', async () => {
      const { store, env, feed } = await liveFixture([row('a', 'active')]);
      const kept = get(store);
      for (let revision = 2; revision < 6; revision++) {
        assert.equal(get(store).value, kept.value);
        assert.equal(kept.value, get(store).value);
        feed.upsert(row('a', revision % 2 ? 'active' : 'error', revision), row(`a${revision}`, 'active'));
        await env.frameOver();
      }
      const { value } = get(store);
      assert.equal(record(kept).last, value);
    });

    test('while the feed is lost, waiting, signed out or gone', async () => {
      const { store, env, adapter, feed, list } = await liveFixture([row('a', 'active')], { keepMs: 60_000 });
      feed.fail();
      stable(store, get);
      await env.advance(5000);
      stable(store, get);
      adapter.feed.fail(adapterError('unauthenticated'));
      await env.advance(5000);
      stable(store, get);
      list.stop();
      await env.advance(6000);
      stable(store, get);
      await env.advance(60_000);
      stable(store, get);
    });

    test('after its last observer has left', async () => {
      const { store, env } = await liveFixture([row('a', 'active')]);
      const observer = record(get(store));
      await env.advance(1000);
      observer.stop();
      stable(store, get);
      await env.advance(1000);
      stable(store, get);
    });

    test('of a disposed store', async () => {
      const { store } = await liveFixture([row('a', 'active')]);
      store.dispose();
      stable(store, get);
    });
  });

describe('an unknown system, unobserved: the same reference', () => {
  const nowhere: Readonly<Record<string, Get>> = {
    campaign: (store) => store.campaign({ system: 'nowhere', id: 'a' }),
    list: (store) => store.list('nowhere'),
    connection: (store) => store.connection('nowhere'),
  };
  for (const [name, get] of Object.entries(nowhere))
    test(name, () => {
      stable(createFixture().store, get);
    });
});

describe('a change gives another reference, once, of', () => {
  const changes: readonly [string, (fixture: StoreFixture & { readonly adapter: ScriptedAdapter }) => void][] = [
    ['campaign', ({ adapter }) => adapter.feed.upsert(row('a', 'error', 2))],
    ['list', ({ adapter }) => adapter.feed.upsert(row('b', 'active', 2))],
    ['connection', ({ adapter }) => adapter.feed.fail()],
  ];
  for (const [name, change] of changes)
    test(name, async () => {
      const fixture = await liveFixture([row('a', 'active')]);
      const get = LIVES[name]!;
      const before = stable(fixture.store, get);
      change(fixture);
      await fixture.env.frameOver();
      assert.notEqual(stable(fixture.store, get), before);
    });
});

test('a campaign with a pending request, and with its outcome: the same reference each', async () => {
  const { store, adapter, env } = await liveFixture([
    row('a', 'active', 1, { missing: ['x'], cause: { kind: 'channel', id: 'c' } }),
  ]);
  const get = LIVES['campaign']!;
  const before = stable(store, get);
  const outcome = store.perform(flow('a'), 'stop');
  const pending = stable(store, get);
  assert.notEqual(pending, before);
  adapter.acts[0]!.answer({ outcome: 'refused', code: 'forbidden', reason: 'No.' });
  await outcome;
  const refused = stable(store, get);
  assert.notEqual(refused, pending);
  await env.advance(4000);
  assert.equal(stable(store, get), refused);
});

test('an observer that subscribes gets the reference that was read before', async () => {
  const { store } = await liveFixture([row('a', 'active')]);
  for (const [name, get] of Object.entries(LIVES)) {
    const { value } = get(store);
    const observer = record(get(store));
    assert.equal(observer.values[0], value, name);
    assert.equal(get(store).value, value, name);
    observer.stop();
  }
});
