/** What a campaign depends on: live while it is observed, and never older than shown. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dependency } from '../../../src/adapters/index.ts';
import { ScriptedFeed } from '../../support/scripted-adapter.ts';
import { adapterError, flow, record, createFixture, type StoreFixture } from '../../support/store-fixture.ts';

const a = flow('a');
const channel = (state: Dependency['state']): Dependency => ({ kind: 'channel', id: 'email', name: 'Email', state });
const agent = (state: Dependency['state']): Dependency => ({ kind: 'agent', id: 'scorer', name: 'Scorer', state });

describe('a diagnosis from a promise', () => {
  test('is read every five seconds, while observed', async () => {
    const { store, adapter, env } = createFixture();
    const seen = record(store.diagnosis(a));
    assert.equal(adapter.diagnoses.length, 1);
    adapter.diagnoses[0]!.answer([channel('stopped')]);
    await env.frameOver();
    assert.deepEqual(seen.last, { dependencies: [channel('stopped')], outlook: 'fails-again' });
    await env.advance(4900);
    assert.equal(adapter.diagnoses.length, 1);
    await env.advance(100);
    adapter.diagnoses[1]!.answer([channel('running')]);
    await env.frameOver();
    assert.deepEqual(seen.last, { dependencies: [channel('running')], outlook: 'works' });
    seen.stop();
    await env.advance(60_000);
    assert.equal(adapter.diagnoses.length, 2);
    assert.equal(env.timers, 0);
  });

  test('is read once for all observers; the signal aborts when the last one leaves', async () => {
    const { store, adapter } = createFixture();
    const one = record(store.diagnosis(a));
    const other = record(store.diagnosis(a));
    assert.equal(adapter.diagnoses.length, 1);
    one.stop();
    assert.equal(adapter.diagnoses[0]!.signal!.aborted, false);
    other.stop();
    assert.equal(adapter.diagnoses[0]!.signal!.aborted, true);
  });

  test('predicts the result: everything known runs, something is down, or unknown', async () => {
    for (const [dependencies, outlook] of [
      [[], 'unknown'],
      [[channel('running'), agent('running')], 'works'],
      [[channel('running'), agent('error')], 'fails-again'],
      [[channel('stopped'), agent('unknown')], 'fails-again'],
      [[channel('running'), agent('unknown')], 'unknown'],
    ] as const) {
      const { store, adapter, env } = createFixture();
      const seen = record(store.diagnosis(a));
      adapter.diagnoses[0]!.answer(dependencies);
      await env.frameOver();
      assert.equal(seen.last.outlook, outlook);
    }
  });

  test('that fails is unknown until it is read again', async () => {
    const { store, adapter, env } = createFixture();
    const seen = record(store.diagnosis(a));
    adapter.diagnoses[0]!.answer([channel('running')]);
    await env.advance(5000);
    adapter.diagnoses[1]!.fail(new Error('reset'));
    await env.frameOver();
    assert.deepEqual(seen.last, { dependencies: [channel('unknown')], outlook: 'unknown' });
    await env.advance(500);
    adapter.diagnoses[2]!.answer([channel('running')]);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'works');
  });

  test('that fails is retried with growing delays, which start over after a success', async () => {
    const { store, adapter, env } = createFixture();
    record(store.diagnosis(a));
    const pauses: number[] = [];
    const fail = async (): Promise<void> => {
      const count = adapter.diagnoses.length;
      const began = env.monotonic();
      adapter.diagnoses.at(-1)!.fail(new Error());
      while (adapter.diagnoses.length === count && env.monotonic() - began < 60_000) await env.advance(100);
      pauses.push(env.monotonic() - began);
    };
    for (let attempt = 0; attempt < 5; attempt++) await fail();
    adapter.diagnoses.at(-1)!.answer([]);
    await env.advance(5000);
    await fail();
    assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 500]);
  });

  test('is not shown to an observer who comes later', async () => {
    const { store, adapter, env } = createFixture();
    const live = store.diagnosis(a);
    const first = record(live);
    adapter.diagnoses[0]!.answer([channel('running')]);
    await env.frameOver();
    first.stop();
    await env.advance(60_000);
    assert.deepEqual(record(live).last, { dependencies: [], outlook: 'unknown' });
  });

  test('that comes after the last observer left is ignored', async () => {
    const { store, adapter, env } = createFixture();
    const first = record(store.diagnosis(a));
    first.stop();
    const again = record(store.diagnosis(a));
    adapter.diagnoses[0]!.answer([channel('stopped')]);
    await env.frameOver();
    assert.equal(again.last.outlook, 'unknown');
    adapter.diagnoses[1]!.answer([channel('running')]);
    await env.frameOver();
    assert.equal(again.last.outlook, 'works');
  });

  test('with one invalid dependency affects that one only', async () => {
    const { store, adapter, env, reports } = createFixture();
    const seen = record(store.diagnosis(a));
    const wrong = [{ kind: 'agent' }, { ...agent('running'), state: 'asleep' }, null] as unknown as Dependency[];
    adapter.diagnoses[0]!.answer([...wrong, { ...channel('running'), name: '\u0000Mail' }]);
    await env.frameOver();
    assert.deepEqual(seen.last.dependencies, [{ ...channel('running'), name: 'Mail' }]);
    assert.deepEqual(
      reports.map(({ detail }) => (detail as { problem: string }).problem),
      [
        'dependency: id must be a string of 1 to 1,024 characters, got nothing; a record without an id belongs to no campaign',
        'dependency: state must be running, stopped, error or unknown, got "asleep"',
        'dependency: expected an object, got null',
      ],
    );
  });

  test('of an adapter without one, or with invalid data, shows nothing', async () => {
    const { store, adapter, env } = createFixture();
    adapter.diagnose = undefined as never;
    assert.equal(record(store.diagnosis(a)).last.outlook, 'unknown');
    for (const diagnose of [
      () => undefined,
      () => {
        throw new Error('sync');
      },
      () => Promise.resolve('text'),
    ]) {
      const other = createFixture();
      other.adapter.diagnose = diagnose as never;
      const seen = record(other.store.diagnosis(a));
      await other.env.advance(10_000);
      assert.deepEqual(seen.last, { dependencies: [], outlook: 'unknown' });
      other.store.dispose();
      assert.equal(other.env.timers, 0);
    }
    assert.equal(env.timers, 0);
  });
});

describe('a diagnosis that does not arrive', () => {
  test('times out after half a minute: known states are shown as unknown', async () => {
    const { store, adapter, env } = createFixture();
    const seen = record(store.diagnosis(a));
    adapter.diagnoses[0]!.answer([channel('running')]);
    await env.advance(5000);
    assert.equal(seen.last.outlook, 'works');
    await env.advance(30_000);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'unknown');
    assert.equal(adapter.diagnoses[1]!.signal!.aborted, true);
    await env.advance(500);
    adapter.diagnoses[1]!.answer([channel('stopped')]);
    adapter.diagnoses[2]!.answer([channel('running')]);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'works', 'and what comes after that is ignored');
    seen.stop();
    assert.equal(env.timers, 0);
  });

  test('fault 20: throttled: not read before Retry-After', async () => {
    const { store, adapter, env } = createFixture();
    record(store.diagnosis(a));
    adapter.diagnoses[0]!.fail(adapterError('throttled', 120_000));
    await env.advance(119_999);
    assert.equal(adapter.diagnoses.length, 1);
    await env.advance(1);
    assert.equal(adapter.diagnoses.length, 2);
  });

  test('or throws when it is read: nothing is thrown outside', async () => {
    const { store, adapter, env } = createFixture();
    const trap = {
      get kind(): string {
        throw new Error('no');
      },
    };
    const rejected: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejected.push(reason);
    process.on('unhandledRejection', onRejection);
    try {
      const seen = record(store.diagnosis(a));
      adapter.diagnoses[0]!.answer([trap as never]);
      await env.frameOver();
      assert.equal(seen.last.outlook, 'unknown');
      assert.deepEqual(rejected, []);
    } finally {
      process.off('unhandledRejection', onRejection);
    }
  });
});

/** A store whose adapter answers with feeds, and the list of those feeds. */
function fedStage(): StoreFixture & { readonly feeds: ScriptedFeed<readonly Dependency[]>[] } {
  const all = createFixture();
  const feeds: ScriptedFeed<readonly Dependency[]>[] = [];
  all.adapter.diagnose = (_ref, signal) => {
    const feed = new ScriptedFeed<readonly Dependency[]>(signal);
    feeds.push(feed);
    return feed.feed;
  };
  return { ...all, feeds };
}

describe('a diagnosis from a feed', () => {
  test('a value that throws when it is read ends the feed, and the adapter gets no error', async () => {
    const { store, env, feeds } = fedStage();
    const seen = record(store.diagnosis(a));
    const trap = {
      get kind(): string {
        throw new Error('no');
      },
    };
    assert.doesNotThrow(() => feeds[0]!.push([trap as never]));
    assert.equal(feeds[0]!.unsubscribed, true);
    await env.advance(500);
    feeds[1]!.push([channel('running')]);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'works');
  });

  test('each value replaces the one before; when the feed ends it is opened again', async () => {
    const { store, env, feeds } = fedStage();
    const seen = record(store.diagnosis(a));
    feeds[0]!.push([channel('stopped')]);
    feeds[0]!.push([channel('running')]);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'works');
    await env.advance(60_000);
    assert.equal(feeds.length, 1);
    feeds[0]!.fail();
    await env.frameOver();
    assert.equal(seen.last.outlook, 'unknown');
    await env.advance(500);
    assert.equal(feeds.length, 2);
    feeds[1]!.push([channel('running')]);
    await env.frameOver();
    assert.equal(seen.last.outlook, 'works');
  });
});
