/** Records come from outside: a malformed one affects at most itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ListView } from '../../../src/store/index.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, record } from '../../support/store-fixture.ts';

describe('fault 21: an unreadable record', () => {
  test('with a readable id: the last good state stays, marked, as of then', async () => {
    const { env, feed, view, store, reports } = await liveFixture([row('a', 'active', 1), row('b', 'active', 1)]);
    await env.advance(3000);
    const at = env.now();
    feed.upsert({ id: 'a', status: 5, revision: 2 }, row('b', 'error', 2));
    await env.frameOver();
    assert.equal(view('a').status, 'active');
    assert.deepEqual(view('a').stale, { asOf: at, why: 'unreadable' });
    assert.equal(view('b').status, 'error');
    assert.equal(view('b').stale, undefined);
    assert.equal(store.connection('flows').value.counters.unreadable, 1);
    assert.deepEqual(
      reports.filter(({ kind }) => kind === 'unreadable'),
      [
        {
          kind: 'unreadable',
          detail: { system: 'flows', id: 'a', problem: 'status must be a string, got 5', known: 1 },
        },
      ],
    );
  });

  test('the next good one clears the mark; a repetition of the old one does not', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active', 1)]);
    feed.upsert({ id: 'a' });
    feed.upsert(row('a', 'active', 1));
    await env.frameOver();
    assert.equal(view('a').stale?.why, 'unreadable');
    feed.upsert(row('a', 'error', 3));
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
  });

  test('is not removed at the end of the snapshot that names it; a complete snapshot with it readable clears the mark', async () => {
    const { env, adapter, view, store } = await liveFixture([row('a', 'active', 1)]);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([{ id: 'a' }], { count: 1 });
    await env.frameOver();
    assert.equal(view('a').presence, 'present');
    assert.equal(view('a').stale?.why, 'unreadable');
    assert.equal(adapter.watches.length, 2);
    void store.refresh({ system: 'flows' });
    adapter.feed.snapshot([row('a', 'active', 1)]);
    await env.frameOver();
    assert.equal(view('a').stale, undefined);
  });

  test('the cursor advances past it', async () => {
    const { env, adapter, feed } = await liveFixture([]);
    feed.push({ type: 'upsert', items: [{ id: 'a' }], cursor: 'after' });
    feed.end();
    await env.advance(1000);
    assert.equal(adapter.feed.request.since?.cursor, 'after');
  });

  test('of an unknown campaign: a neutral tag and a disabled button', async () => {
    const { view, list } = await liveFixture([{ id: 'a', status: null, revision: 1 }]);
    const { presence, known, tone, name, action, actions, stale } = view('a');
    assert.deepEqual(
      { presence, known, tone, name },
      { presence: 'present', known: false, tone: 'neutral', name: 'a' },
    );
    assert.deepEqual(actions, [action]);
    assert.deepEqual(action, { action: '', disabled: { code: 'unknown-status' } });
    assert.equal(stale?.why, 'unreadable');
    assert.deepEqual((list.last as ListView).ids, ['a']);
  });

  test('without an id: counted and reported, with the fix for a common mistake', async () => {
    const { store, reports } = await liveFixture([
      { status: 'active', revision: 1 },
      { id: 42, status: 'active', revision: 1 },
      { id: '', status: 'active', revision: 1 },
      { id: 'x'.repeat(1025), status: 'active', revision: 1 },
      null,
      'text',
      7,
      [],
      row('a', 'active'),
    ]);
    assert.equal(store.connection('flows').value.counters.dropped, 8);
    assert.deepEqual(
      reports.map(({ detail }) => (detail as { problem: string }).problem),
      [
        'id must be a string of 1 to 1,024 characters, got nothing; a record without an id belongs to no campaign',
        'id must be a string of 1 to 1,024 characters, got 42; use String(id)',
        'id must be a string of 1 to 1,024 characters, got ""',
        `id must be a string of 1 to 1,024 characters, got "${'x'.repeat(60)}…"`,
        'expected an object, got null',
        'expected an object, got "text"',
        'expected an object, got 7',
        'id must be a string of 1 to 1,024 characters, got nothing; a record without an id belongs to no campaign',
      ],
    );
    assert.deepEqual(store.list('flows').value.ids, ['a']);
  });

  test('that throws when it is read does not affect other records', async () => {
    const trap = {
      id: 'trap',
      get status(): string {
        throw new Error('getter');
      },
      revision: 1,
    };
    const { store } = await liveFixture([row('a', 'active'), trap, row('b', 'active')]);
    assert.deepEqual(store.list('flows').value.ids, ['a', 'b']);
  });

  test('optional fields of the wrong type make a record unreadable, each with its reason', async () => {
    const wrong: readonly [string, unknown, string][] = [
      ['name', 5, 'name must be a string, got 5'],
      ['message', {}, 'message must be a string, got a object'],
      ['at', true, 'at must be ISO 8601 or ms since 1970, got true'],
      ['missing', 'contacts', 'missing must be a list of strings, got "contacts"'],
      ['missing', [1], 'missing.0 must be a list of strings, got 1'],
      ['cause', 'channel', 'cause must be {kind, id, name?} of strings, got "channel"'],
      ['cause', { kind: 'channel' }, 'cause.id must be {kind, id, name?} of strings, got nothing'],
      ['denied', { stop: 1 }, 'denied.stop must be a table of strings, got 1'],
    ];
    for (const [field, value, problem] of wrong) {
      const { reports } = await liveFixture([{ ...row('a', 'active'), [field]: value }]);
      assert.deepEqual(
        reports.map(({ kind, detail }) => [kind, (detail as { problem: string }).problem]),
        [['unreadable', problem]],
        field,
      );
    }
  });
});

describe('fault 22: foreign data', () => {
  test('values that are no change', async () => {
    const { env, feed, reports } = await liveFixture([row('a', 'active')]);
    feed.push(null, undefined, 7, 'heartbeat', { items: [] });
    await env.frameOver();
    assert.deepEqual(
      new Set(reports.map(({ detail }) => (detail as { problem: string }).problem)),
      new Set(['a change without a `type`']),
    );
  });

  test('unknown changes are ignored and counted; unknown fields are dropped', async () => {
    const { env, feed, view, store } = await liveFixture([{ ...row('a', 'active'), secret: 1, tone: 'pink' }]);
    for (const change of [{ type: 'compact' }, { type: '__proto__' }, {}, null, 7, 'text', [], { type: 'open' }])
      feed.push(change);
    for (const items of [undefined, null, {}, 'abc']) feed.push({ type: 'upsert', items });
    await env.frameOver();
    assert.equal(store.connection('flows').value.counters.dropped, 12);
    assert.equal(store.connection('flows').value.state, 'live');
    assert.equal('secret' in view('a'), false);
    assert.equal(view('a').tone, 'green');
  });

  test('a row of another system is dropped and counted', async () => {
    const { store, reports } = await liveFixture([
      row('a', 'active', 1, { system: 'python' }),
      row('b', 'active', 1, { system: 'flows' }),
    ]);
    assert.deepEqual(store.list('flows').value.ids, ['b']);
    assert.match(
      (reports[0]!.detail as { problem: string }).problem,
      /system is "python", but this is the feed of "flows"/,
    );
  });
});

describe('fault 23: unknown words', () => {
  for (const unknownStatus of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'x'.repeat(10_240)])
    test(`the status "${unknownStatus.slice(0, 20)}": neutral tag, disabled button`, async () => {
      const { view, store } = await liveFixture([row('a', unknownStatus)]);
      const { known, tone, icon, action, actions, status } = view('a');
      assert.deepEqual({ known, tone, icon }, { known: false, tone: 'neutral', icon: 'unknown' });
      assert.deepEqual(actions, [action]);
      assert.deepEqual(action, { action: '', disabled: { code: 'unknown-status' } });
      assert.equal(status, unknownStatus.slice(0, 512));
      assert.deepEqual(await store.perform(flow('a'), 'start'), {
        outcome: 'refused',
        reason: { code: 'unknown-status' },
      });
    });

  test('actions with such names are illegal, and nothing is sent', async () => {
    const { store, adapter } = await liveFixture([row('a', 'active')]);
    for (const action of ['constructor', '__proto__', 'toString', '', 'start'])
      assert.deepEqual(await store.perform(flow('a'), action), { outcome: 'refused', reason: { code: 'illegal' } });
    assert.equal(adapter.acts.length, 0);
  });
});

describe('fault 24: names of inherited members', () => {
  test('are ids like any other, and no prototype changes', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const hostile = JSON.parse(
      '[{"id":"x","status":"active","revision":1,"__proto__":{"polluted":1},"denied":{"__proto__":"p","constructor":"c"}}]',
    ) as unknown[];
    const { store, view, env, feed } = await liveFixture([...names.map((name) => row(name, 'active')), ...hostile]);
    assert.deepEqual([...store.list('flows').value.ids].sort(), [...names, 'x'].sort());
    assert.equal(view('__proto__').status, 'active');
    assert.deepEqual(view('x').action, { action: 'stop' });
    feed.remove('__proto__', 2);
    await env.frameOver();
    assert.equal(view('__proto__').presence, 'gone');
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.deepEqual(Object.keys(Object.prototype), []);
  });
});

describe('fault 25: texts', () => {
  test('are cut in reports, because reports are kept in memory', async () => {
    const { env, feed, reports } = await liveFixture([row('a', 'active')]);
    const long = 'x'.repeat(1_000_000);
    feed.push({ type: long });
    feed.upsert({ ...row('a', 'active', 4), denied: { [long]: 5 } }, { [long]: long }, { id: long, status: 'active' });
    feed.remove(long);
    await env.frameOver();
    assert.equal(reports.length, 5);
    for (const { detail } of reports) assert.ok(JSON.stringify(detail).length < 1000, JSON.stringify(detail));
  });

  test('ten megabytes are read at once, kept up to the limit, and marked as cut', async () => {
    const message = 'é'.repeat(10_000_000);
    const { env, feed, view } = await liveFixture([row('a', 'active')]);
    const times = [2, 3, 4, 5, 6].map((revision) => {
      const began = performance.now();
      feed.upsert(row('a', 'error', revision, { message, name: message }));
      return performance.now() - began;
    });
    assert.ok(Math.min(...times) < 50, times.join());
    await env.frameOver();
    assert.equal(view('a').message.length, 16_384);
    assert.equal(view('a').truncated, true);
    assert.equal(view('a').name.length, 512);
  });

  test('the rest of a cut text is not kept in memory', async () => {
    const { env, feed, view } = await liveFixture([]);
    const before = heapUsed();
    for (let n = 0; n < 40; n++) {
      // As from the wire: a new string each time.
      const message = JSON.parse(JSON.stringify(`${n}${'x'.repeat(1_000_000)}`)) as string;
      feed.upsert(row(`${n}`, 'error', 1, { message, name: message, changedBy: message }));
    }
    await env.frameOver();
    assert.equal(view('39').truncated, true);
    const grown = heapUsed() - before;
    assert.ok(grown < 5_000_000, `${grown} bytes for 40 campaigns`);
  });

  test('fifty thousand lines keep their line breaks', async () => {
    const { view } = await liveFixture([row('a', 'error', 1, { message: 'line\r\n'.repeat(50_000) })]);
    assert.match(view('a').message, /^(line\n)+/);
    assert.equal(view('a').truncated, true);
  });

  test('control characters are dropped; line breaks, tabs and bidi marks stay', async () => {
    const message = 'a\u0000b\u0007c\u001b[31md\u007f\u0085e\n\tf\r\ng\rh \u202Ei\u2069';
    const { view } = await liveFixture([
      row('a', 'error', 1, { message, name: '\u0000n\u0001', changedBy: '\u0000me' }),
    ]);
    assert.equal(view('a').message, 'abc[31mde\n\tf\ng\nh \u202Ei\u2069');
    assert.equal(view('a').truncated, false);
    assert.equal(view('a').name, 'n');
    assert.equal(view('a').changedBy, 'me');
  });

  test('lone surrogates are replaced, also one that the cut would create', async () => {
    const { view } = await liveFixture([
      row('a', 'error', 1, { message: 'x\uD800y' }),
      row('b', 'error', 1, { message: `${'x'.repeat(16_383)}😀` }),
    ]);
    assert.equal(view('a').message, 'x\uFFFDy');
    assert.equal(view('b').message.isWellFormed(), true);
    assert.equal(view('b').truncated, true);
  });

  test('a text of exactly the limit is not cut', async () => {
    const { view } = await liveFixture([row('a', 'error', 1, { message: 'x'.repeat(16_384) })]);
    assert.equal(view('a').truncated, false);
  });

  test('a campaign or cause without a name, or with an empty one, is named by its id, cleaned like any text', async () => {
    const { view } = await liveFixture([
      row('a', 'active'),
      row('b', 'active', 1, { name: '', cause: { kind: 'channel', id: 'm\u001bail' } }),
      row('\u0000c', 'active', 1, { name: '\u0007' }),
    ]);
    assert.deepEqual(
      ['a', 'b', '\u0000c'].map((id) => view(id).name),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(view('b').cause, { kind: 'channel', id: 'm\u001bail', name: 'mail' });
  });
});

describe('fault 27: revisions', () => {
  for (const revision of [NaN, -1, 1e308, Infinity, 1.5, '10', null, undefined, 2 ** 53])
    test(`${String(revision)}: not compared, the last good state is kept`, async () => {
      const { env, feed, view } = await liveFixture([row('a', 'active', 1)]);
      feed.upsert({ id: 'a', status: 'error', revision });
      await env.frameOver();
      assert.equal(view('a').status, 'active');
      assert.equal(view('a').stale?.why, 'unreadable');
      feed.upsert(row('a', 'error', 2));
      await env.frameOver();
      assert.equal(view('a').status, 'error');
    });

  test('0 and the largest safe integer are valid', async () => {
    const { env, feed, view } = await liveFixture([row('a', 'active', 0)]);
    feed.upsert(row('a', 'error', Number.MAX_SAFE_INTEGER));
    await env.frameOver();
    assert.equal(view('a').status, 'error');
  });
});

describe('times', () => {
  test('are ISO or ms, and absent when invalid', async () => {
    const at = Date.UTC(2026, 0, 1);
    const { view } = await liveFixture([
      row('iso', 'active', 1, { at: '2026-01-01T00:00:00Z' }),
      row('ms', 'active', 1, { at }),
      row('no', 'active', 1, { at: 'yesterday' }),
      row('far', 'active', 1, { at: 1e300 }),
      row('nan', 'active', 1, { at: NaN }),
    ]);
    assert.deepEqual(
      ['iso', 'ms', 'no', 'far'].map((id) => view(id).at),
      [at, at, undefined, undefined],
    );
    assert.equal(view('nan').at, undefined);
  });

  test('fault 28: a server clock a day ahead, and a wall clock that is set back, change neither order nor staleness', async () => {
    const { env, feed, view, store } = await liveFixture([row('a', 'active')], {
      serverTime: Date.UTC(2026, 0, 13, 9),
    });
    assert.equal(store.now(), Date.UTC(2026, 0, 13, 9) + 16);
    env.shiftWallClock(-86_400_000);
    for (let beat = 0; beat < 10; beat++) {
      await env.advance(5000);
      const ahead = store.now() + 86_400_000;
      feed.heartbeat({ serverTime: ahead });
      assert.equal(store.now(), ahead);
    }
    assert.equal(view('a').stale, undefined);
    assert.equal(store.connection('flows').value.state, 'live');
    feed.fail();
    const { nextAttemptAt } = store.connection('flows').value;
    assert.equal(nextAttemptAt, store.now() + 500);
    await env.advance(1100);
    assert.ok(view('a').stale!.asOf <= store.now());
  });

  test('an invalid server time is ignored', async () => {
    const { env, feed, store } = await liveFixture([]);
    // The last two are valid times, but the clock would go on from there to where no dates exist.
    for (const serverTime of ['soon', NaN, null, {}, 1e300, 8.64e15, -8.64e15])
      feed.push({ type: 'heartbeat', serverTime });
    assert.equal(store.now(), env.now());
  });
});

describe('reasons of removal', () => {
  test('are cleaned like any text', async () => {
    const { env, feed, store, view } = await liveFixture([row('a', 'active'), row('b', 'active')]);
    feed.remove('a', 2, `\u0000gone${'x'.repeat(1000)}`);
    feed.push({ type: 'remove', items: [{ id: 7 }, null, { id: 'b', revision: 'x' }, { id: 'b', reason: 5 }] });
    await env.frameOver();
    assert.equal(view('a').goneReason!.length, 511);
    assert.equal(view('b').presence, 'present');
    assert.equal(store.connection('flows').value.counters.dropped, 4);
    record(store.campaign(flow('a')));
  });
});

describe('a feed that does not begin with open', () => {
  for (const [first, got] of [
    [{ type: 'page', items: [] }, '"page"'],
    [{ typ: 'open' }, 'something without a `type`'],
  ] as const)
    test(`${JSON.stringify(first)}: lost, and the cause names the message that must come first`, async () => {
      const { env, adapter, store } = await liveFixture([]);
      adapter.feed.end();
      await env.advance(1000);
      adapter.feed.push(first);
      await env.frameOver();
      const { state, cause } = store.connection('flows').value;
      assert.equal(state, 'waiting');
      assert.deepEqual(cause, {
        code: 'protocol',
        message: `the first change of a feed must be { type: "open", mode: "snapshot" }, got ${got}`,
      });
    });
});

/** Bytes on the heap without garbage. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
