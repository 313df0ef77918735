/** Actions over a network that loses, delays and refuses requests. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ActResult } from '../../../src/adapters/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { adapterError, createFixture, flow, liveFixture, record } from '../../support/store-fixture.ts';

const a = flow('a');
const UNCONFIRMED = { outcome: 'uncertain', reason: { code: 'unconfirmed' } } as const;

/** A live feed with a heartbeat so long that it never becomes stale. */
const patient = (rows: readonly unknown[]) => liveFixture(rows, { heartbeatMs: 1_000_000 });

describe('an answer that is lost', () => {
  test('fault 31: the request is sent again with the same key, and settled by that answer', async () => {
    const { store, adapter, env, view } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    await env.advance(500);
    assert.equal(adapter.acts.length, 2);
    assert.equal(view('a').request?.phase, 'pending');
    assert.deepEqual(adapter.acts[1]!.request.expect, adapter.acts[0]!.request.expect);
    assert.equal(adapter.acts[1]!.request.idempotencyKey, adapter.acts[0]!.request.idempotencyKey);
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
  });

  test('fault 31: or settled by the feed, and then not sent again', async () => {
    const { store, adapter, env, feed } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    await env.advance(0);
    feed.upsert(row('a', 'inactive', 2));
    assert.deepEqual(await outcome, { outcome: 'done' });
    await env.advance(60_000);
    assert.equal(adapter.acts.length, 1);
  });

  test('repeatedly: growing delays, then uncertain, and nothing more is sent', async () => {
    const { store, adapter, env, view, reported } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    const sentAt: number[] = [];
    const began = env.monotonic();
    for (let at = 0; at < 30_000; at += 10) {
      if (adapter.acts.length > sentAt.length) {
        sentAt.push(env.monotonic() - began);
        adapter.acts.at(-1)!.fail(new Error('reset'));
      }
      await env.advance(10);
    }
    assert.deepEqual(await outcome, UNCONFIRMED);
    assert.deepEqual(sentAt, [0, 250, 750, 1750, 3750, 7750, 15_750]);
    assert.equal(reported('unanswered'), 1, 'once for the request, not for each try');
    assert.deepEqual(view('a').action, { action: 'stop' });
  });

  test('where the backend does not honour keys: uncertain at once, and never sent again', async () => {
    const { store, adapter, env, feed, view } = await patient([row('a', 'active')]);
    adapter.idempotent = false;
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new TypeError('fetch failed'));
    assert.deepEqual(await outcome, UNCONFIRMED);
    await env.advance(60_000);
    assert.equal(adapter.acts.length, 1);
    feed.upsert(row('a', 'inactive', 2));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done');
  });

  test('an adapter error without information about the outcome counts as lost', async () => {
    for (const code of ['unavailable', 'forbidden', 'protocol', 'misconfigured'] as const) {
      const { store, adapter, env, reported } = await patient([row('a', 'active')]);
      void store.perform(a, 'stop');
      adapter.acts[0]!.fail(adapterError(code));
      await env.advance(500);
      assert.equal(adapter.acts.length, 2, code);
      assert.equal(reported('unanswered'), 1, code);
    }
  });

  test('an invalid answer: uncertain, and reported', async () => {
    for (const answer of [undefined, null, {}, { outcome: 'perhaps' }, 'done']) {
      const { store, adapter, env, reported } = await patient([row('a', 'active')]);
      adapter.idempotent = false;
      const outcome = store.perform(a, 'stop');
      adapter.acts[0]!.answer(answer as unknown as ActResult<unknown>);
      await env.advance(0);
      assert.deepEqual(await outcome, UNCONFIRMED);
      assert.equal(reported('protocol') + reported('unanswered'), 1);
    }
  });

  test('done with an unreadable row: the feed confirms it', async () => {
    const { store, adapter, env, feed, view } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'done', campaign: { id: 7 }, epoch: 'e1' });
    await env.advance(100);
    assert.equal(view('a').request?.phase, 'pending');
    feed.upsert(row('a', 'inactive', 2));
    assert.deepEqual(await outcome, { outcome: 'done' });
  });
});

describe('fault 31: a refusal of a repeated request proves nothing about the first attempt', () => {
  for (const code of ['forbidden', 'gone'] as const)
    test(`${code}: not confirmed, until the feed confirms it`, async () => {
      const { store, adapter, env, feed, view } = await patient([row('a', 'active')]);
      const outcome = store.perform(a, 'stop');
      adapter.acts[0]!.fail(new Error('reset'));
      await env.advance(500);
      adapter.acts[1]!.answer({ outcome: 'refused', code, reason: 'not now' });
      assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
      feed.upsert(row('a', 'inactive', 2));
      await env.frameOver();
      assert.equal(view('a').request?.phase, 'done');
      await env.advance(60_000);
      assert.equal(adapter.acts.length, 2);
    });

  test('unavailable: it concerns that attempt only, and the request is sent once more', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new Error('reset'));
    await env.advance(500);
    adapter.acts[1]!.answer({ outcome: 'refused', code: 'unavailable' });
    await env.advance(1000);
    assert.equal(adapter.acts.length, 3);
    adapter.acts[2]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
  });

  test('invalid: the first attempt was invalid too', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new Error('reset'));
    await env.advance(500);
    adapter.acts[1]!.answer({ outcome: 'refused', code: 'invalid' });
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'invalid' } });
  });
});

test('a value that is no answer is reported once, and the request is not repeated', async () => {
  for (const nothing of [undefined, null, 'done', 7]) {
    const { store, adapter, env, reports } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer(nothing as never);
    await env.advance(1000);
    assert.deepEqual(await outcome, { outcome: 'uncertain', reason: { code: 'unconfirmed' } });
    assert.equal(adapter.acts.length, 1);
    assert.deepEqual(
      reports.map(({ kind, detail }) => [kind, (detail as { problem: string }).problem]),
      [['protocol', 'act() must give an object whose `outcome` is done, accepted, conflict or refused']],
    );
  }
});

describe('fault 36: accepted without effect', () => {
  test('uncertain exactly at the time limit; the button works again, and the status is unchanged', async () => {
    const { store, adapter, env, view } = await patient([row('a', 'active')]);
    const requestedAt = env.now();
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(19_999);
    assert.equal(view('a').request?.phase, 'pending');
    await env.advance(1);
    assert.deepEqual(await outcome, UNCONFIRMED);
    assert.deepEqual(view('a').request, {
      action: 'stop',
      since: requestedAt,
      phase: 'uncertain',
      reason: { code: 'unconfirmed' },
    });
    assert.deepEqual(view('a').action, { action: 'stop' });
    assert.equal(view('a').status, 'active');
  });

  test('confirmed later by the feed: done', async () => {
    const { store, adapter, env, feed, view } = await patient([row('a', 'active')]);
    void store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(60_000);
    feed.upsert(row('a', 'inactive', 2));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done');
  });

  test('Check again settles it: done, or an error that came instead', async () => {
    for (const [status, phase] of [
      ['inactive', 'done'],
      ['error', 'conflict'],
      ['active', 'uncertain'],
    ] as const) {
      const { store, adapter, env, view } = await patient([row('a', 'active')]);
      void store.perform(a, 'stop');
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      await env.advance(20_000);
      const read = store.refresh(a);
      adapter.gets[0]!.answer({ campaign: row('a', status, 2), epoch: 'e1' });
      await read;
      await env.frameOver();
      assert.equal(view('a').request?.phase, phase);
      assert.equal(view('a').status, status);
    }
  });

  test('Ask again is a new request with a new key; a late answer to the old one is ignored', async () => {
    const { store, adapter, env, view, reported } = await patient([row('a', 'active')]);
    void store.perform(a, 'stop');
    await env.advance(20_000);
    const [former] = adapter.acts.slice(-1);
    void store.perform(a, 'stop');
    const [latest] = adapter.acts.slice(-1);
    assert.notEqual(latest!.request.idempotencyKey, former!.request.idempotencyKey);
    former!.answer({ outcome: 'refused', code: 'unavailable' });
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'pending');
    assert.equal(reported('refused'), 0);
    latest!.answer({ outcome: 'refused', code: 'invalid' });
    await env.frameOver();
    assert.equal(view('a').request?.reason?.code, 'invalid');
  });

  test('a late answer is shown', async () => {
    const answers: readonly [ActResult<unknown>, string][] = [
      [{ outcome: 'refused', code: 'unavailable' }, 'refused'],
      [{ outcome: 'conflict' }, 'conflict'],
      [{ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' }, 'done'],
      [{ outcome: 'accepted' }, 'uncertain'],
    ];
    for (const [answer, phase] of answers) {
      const { store, adapter, env, view } = await patient([row('a', 'active')]);
      adapter.idempotent = false;
      const outcome = store.perform(a, 'stop');
      await env.advance(20_000);
      assert.deepEqual(await outcome, UNCONFIRMED);
      adapter.acts[0]!.answer(answer);
      await env.frameOver();
      assert.equal(view('a').request?.phase, phase);
    }
  });
});

describe('429 and 503', () => {
  test('sent again with the same key, not before Retry-After', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(adapterError('throttled', 5000));
    await env.advance(4999);
    assert.equal(adapter.acts.length, 1);
    await env.advance(1);
    assert.equal(adapter.acts.length, 2);
    adapter.acts[1]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 2), epoch: 'e1' });
    assert.deepEqual(await outcome, { outcome: 'done' });
  });

  test('without Retry-After: after twice the delay of other failures', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    void store.perform(a, 'stop');
    adapter.acts[0]!.fail(adapterError('throttled'));
    await env.advance(499);
    assert.equal(adapter.acts.length, 1);
    await env.advance(1);
    assert.equal(adapter.acts.length, 2);
  });

  test('a Retry-After beyond the time limit: refused at once, with that code', async () => {
    const { store, adapter } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(adapterError('throttled', 20_000));
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'throttled' } });
  });

  test('until the time limit: refused with that code, because nothing can have happened', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    for (let at = 0; at < 20_000; at += 1000) {
      adapter.acts.at(-1)!.fail(adapterError('throttled', 3000));
      await env.advance(1000);
    }
    assert.deepEqual(await outcome, { outcome: 'refused', reason: { code: 'throttled' } });
    const sent = adapter.acts.length;
    await env.advance(60_000);
    assert.equal(adapter.acts.length, sent);
  });

  test('then accepted without effect: uncertain, not “refused”', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(adapterError('throttled', 1000));
    await env.advance(1000);
    adapter.acts[1]!.answer({ outcome: 'accepted' });
    await env.advance(19_000);
    assert.deepEqual(await outcome, UNCONFIRMED);
  });

  test('then no answer: uncertain, not “refused”', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(adapterError('throttled', 1000));
    await env.advance(20_000);
    assert.deepEqual(await outcome, UNCONFIRMED);
  });

  test('after an attempt of unknown outcome: uncertain, because that attempt may have worked', async () => {
    const { store, adapter, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.fail(new Error('reset'));
    await env.advance(500);
    adapter.acts[1]!.fail(adapterError('throttled', 30_000));
    assert.deepEqual(await outcome, UNCONFIRMED);
  });
});

test('a retry that is due after a sleep of the machine is not sent: its time is over by the wall clock', async () => {
  const { store, adapter, env } = await patient([row('a', 'active')]);
  const outcome = store.perform(a, 'stop');
  adapter.acts[0]!.fail(new Error('reset'));
  await env.advance(0);
  env.shiftWallClock(3_600_000);
  await env.advance(500);
  assert.deepEqual(await outcome, UNCONFIRMED);
  assert.equal(adapter.acts.length, 1);
});

describe('an answer after the feed has confirmed the action', () => {
  for (const answer of [{ outcome: 'refused', code: 'unavailable' }, { outcome: 'accepted' }] as const)
    test(`${answer.outcome}: changes and reports nothing`, async () => {
      const { store, adapter, env, feed, view, reports } = await patient([row('a', 'active')]);
      const outcome = store.perform(a, 'stop');
      feed.upsert(row('a', 'inactive', 2));
      assert.deepEqual(await outcome, { outcome: 'done' });
      feed.upsert(row('a', 'error', 3));
      adapter.acts[0]!.answer(answer);
      await env.frameOver();
      assert.equal(view('a').request, undefined);
      assert.deepEqual(reports, []);
    });

  test('accepted, when the campaign has been removed: still gone', async () => {
    const { store, adapter, env, feed, view } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    feed.remove('a', 2);
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
  });
});

describe('fault 39: the campaign changes during a pending action', () => {
  test('removed', async () => {
    const { store, adapter, feed, view, env } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    feed.remove('a', 2);
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
    adapter.acts[0]!.answer({ outcome: 'refused', code: 'gone' });
    await env.frameOver();
    assert.equal(view('a').presence, 'gone');
  });

  test('a snapshot without it', async () => {
    const { store, adapter } = await patient([row('a', 'active')]);
    const outcome = store.perform(a, 'stop');
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([]);
    assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'gone' } });
  });

  test('a snapshot with the same row: still pending', async () => {
    const { store, adapter, view } = await patient([row('a', 'active')]);
    void store.perform(a, 'stop');
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active')]);
    assert.equal(view('a').request?.phase, 'pending');
  });

  test('fault 12: in a new epoch: settled by the new rows where possible, else uncertain', async () => {
    for (const [status, expected] of [
      ['inactive', { outcome: 'done' }],
      ['active', UNCONFIRMED],
    ] as const) {
      const { store, adapter } = await patient([row('a', 'active', 50)]);
      const outcome = store.perform(a, 'stop');
      adapter.acts[0]!.answer({ outcome: 'accepted' });
      void store.refresh({ system: 'flows' });
      adapter.feed.snapshot([row('a', status, 1)], { epoch: 'e2' });
      assert.deepEqual(await outcome, expected);
    }
  });
});

describe('fault 12: revisions start over during an action', () => {
  type Rows = readonly ReturnType<typeof row>[];
  /** In another epoch, or in the same one, unannounced. */
  const RESETS: readonly [string, (fixture: Awaited<ReturnType<typeof patient>>, rows: Rows) => void][] = [
    [
      'in a new epoch',
      ({ store, adapter }, rows) => {
        void store.refresh({ system: 'flows' });
        adapter.feed.snapshot(rows, { epoch: 'e2' });
      },
    ],
    [
      'unannounced',
      ({ store, adapter }, rows) => {
        void store.refresh({ system: 'flows' });
        // Three rows that went back: the next snapshot is accepted as it is.
        for (let time = 0; time < 2; time++) adapter.feed.snapshot(rows);
      },
    ],
  ];
  const rowsWith = (...[status, revision, more]: [string, number, { message?: string }?]): Rows => [
    row('a', status, revision, more),
    row('b', 'active', 1),
    row('c', 'active', 1),
  ];

  for (const [how, reset] of RESETS)
    describe(how, () => {
      test('the snapshot shows where the action led: done', async () => {
        const fixture = await patient(['a', 'b', 'c'].map((id) => row(id, 'active', 50)));
        const outcome = fixture.store.perform(a, 'stop');
        fixture.adapter.acts[0]!.answer({ outcome: 'accepted' });
        await fixture.env.advance(0);
        reset(fixture, rowsWith('inactive', 2));
        assert.deepEqual(await outcome, { outcome: 'done' });
      });

      test('the snapshot shows another status: conflict, although no answer came', async () => {
        const fixture = await patient(['a', 'b', 'c'].map((id) => row(id, 'active', 50)));
        const outcome = fixture.store.perform(a, 'stop');
        reset(fixture, rowsWith('error', 2));
        assert.deepEqual(await outcome, { outcome: 'conflict', reason: { code: 'conflict' } });
      });

      test('the snapshot shows the status before: uncertain, until a later row shows where the action led', async () => {
        const fixture = await patient(['a', 'b', 'c'].map((id) => row(id, 'active', 50)));
        const { store, adapter, env, view } = fixture;
        const outcome = store.perform(a, 'stop');
        adapter.acts[0]!.answer({ outcome: 'accepted' });
        await env.advance(0);
        reset(fixture, rowsWith('active', 2));
        assert.deepEqual(await outcome, UNCONFIRMED);
        adapter.feed.upsert(row('a', 'inactive', 3));
        await env.frameOver();
        assert.equal(view('a').request?.phase, 'done');
      });

      test('the snapshot shows the error before: uncertain, until a later row has another message', async () => {
        const message = 'Channel is stopped.';
        const fixture = await patient(['a', 'b', 'c'].map((id) => row(id, 'error', 50, { message })));
        const { store, adapter, env, view } = fixture;
        const outcome = store.perform(a, 'start');
        adapter.acts[0]!.answer({ outcome: 'accepted' });
        await env.advance(0);
        reset(fixture, rowsWith('error', 2, { message: 'An older one.' }));
        assert.deepEqual(await outcome, UNCONFIRMED);
        adapter.feed.upsert(row('a', 'error', 3, { message: 'An older one.' }));
        await env.frameOver();
        assert.equal(view('a').request?.phase, 'uncertain');
        adapter.feed.upsert(row('a', 'error', 4, { message }));
        await env.frameOver();
        assert.equal(view('a').request?.phase, 'done');
      });
    });

  test('a row that can’t be read in the new epoch proves nothing: the next readable one decides', async () => {
    const { store, adapter, env, view } = await patient([row('a', 'error', 50, { message: 'Channel is stopped.' })]);
    void store.perform(a, 'start');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([{ id: 'a', status: 7 }], { epoch: 'e2' });
    adapter.feed.upsert(row('a', 'error', 3, { message: 'An older one.' }));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'uncertain');
    adapter.feed.upsert(row('a', 'active', 4));
    await env.frameOver();
    assert.equal(view('a').request?.phase, 'done');
  });
});

describe('fault 41: all observers leave', () => {
  test('the request continues, and the feed stays until its outcome is known', async () => {
    const { store, adapter, env, list, feed } = await patient([row('a', 'active')]);
    const one = record(store.campaign(a));
    const outcome = store.perform(a, 'stop');
    const emitted = one.values.length;
    one.stop();
    list.stop();
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(15_000);
    assert.equal(adapter.acts[0]!.request.signal.aborted, false);
    assert.equal(feed.open, true);
    feed.upsert(row('a', 'inactive', 2));
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(one.values.length, emitted);
    await env.advance(5000);
    assert.equal(feed.open, false);
    await env.advance(600_000);
    assert.equal(env.timers, 0);
    assert.equal(env.page.listeners, 0);
  });

  test('requested without observers, it opens the feed', async () => {
    const { store, adapter, env, list } = await patient([row('a', 'active')]);
    list.stop();
    await env.advance(10_000);
    assert.equal(adapter.openFeeds, 0);
    const outcome = store.perform(a, 'stop');
    adapter.acts[0]!.answer({ outcome: 'accepted' });
    await env.advance(0);
    assert.equal(adapter.openFeeds, 1);
    assert.deepEqual(adapter.feed.request.ids, ['a']);
    adapter.feed.resumes([row('a', 'inactive', 2)]);
    assert.deepEqual(await outcome, { outcome: 'done' });
  });

  test('an uncertain one that the feed confirms takes no feed from those who observe the campaign', async () => {
    const { store, adapter, env } = createFixture();
    record(store.campaign(a));
    await env.advance(0);
    const { feed } = adapter;
    feed.snapshot([row('a', 'active')], { heartbeatMs: 1_000_000 });
    void store.perform(a, 'stop');
    await env.advance(20_000);
    feed.upsert(row('a', 'inactive', 2));
    await env.advance(60_000);
    assert.equal(feed.open, true);
  });

  test('an uncertain one keeps no feed open', async () => {
    const { store, adapter, env, list } = await patient([row('a', 'active')]);
    void store.perform(a, 'stop');
    list.stop();
    await env.advance(25_000);
    assert.equal(adapter.openFeeds, 0);
    await env.advance(600_000);
    assert.equal(env.timers, 0);
  });
});
