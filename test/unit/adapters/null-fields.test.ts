/** `null` in an optional field from a backend, a broker or another tab counts as absent. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { actResultFromResponse, type AdapterError } from '../../../src/adapters/index.ts';
import { natsAdapter, type NatsConnection } from '../../../src/adapters/nats.ts';
import { nullChange, nullRow } from '../../support/null-fields.ts';
import { INTERVAL_MS, passTime, PolledBackend, row, rowWithRevision, watching } from '../../support/polled-backend.ts';
import { row as record } from '../../support/scripted-adapter.ts';
import { openTabs } from '../../support/shared-watch.ts';
import { Origin } from '../../support/tabs.ts';
import { actRequest } from '../../support/watching.ts';

describe('pollingAdapter', () => {
  const backend = new PolledBackend();

  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
  afterEach(() => mock.timers.reset());

  test('accepts a row with null in every optional field, its system included', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer({ campaigns: [nullRow(row('a'))], count: null });
    assert.deepEqual(watch.takeChanges().slice(1), [
      { type: 'page', items: [rowWithRevision('a', 1)] },
      { type: 'synced', count: 1 },
    ]);
    watch.stop();
  });

  test('emits no change when a field turns from null to absent, or back', async () => {
    const watch = await watching(backend.adapter());
    await backend.answer([row('a'), nullRow(row('b'))]);
    watch.takeChanges();
    await passTime(INTERVAL_MS);
    await backend.answer([nullRow(row('a')), row('b')]);
    assert.deepEqual(watch.takeChanges(), [{ type: 'heartbeat', count: 2 }]);
    watch.stop();
  });

  test('passes on a conflict without a reason', async () => {
    const adapter = backend.adapter();
    const answer = adapter.act(actRequest('a'));
    backend.act.answer({ outcome: 'conflict', reason: null, campaign: null, epoch: null });
    assert.deepEqual(await answer, { outcome: 'conflict' });
  });
});

describe('actResultFromResponse', () => {
  const json = (status: number, body: unknown): Response =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

  test('reads 200 without a campaign as accepted', async () => {
    assert.deepEqual(await actResultFromResponse(json(200, { campaign: null, epoch: null })), { outcome: 'accepted' });
  });

  test('reads 412 as a conflict without a row or a reason', async () => {
    const body = { title: null, detail: null, campaign: null, epoch: null };
    assert.deepEqual(await actResultFromResponse(json(412, body)), { outcome: 'conflict' });
  });
});

describe('natsAdapter', () => {
  /** A connection on which every request gets this reply. */
  const replying = (reply: unknown): NatsConnection => ({
    subscribe: () => ({ unsubscribe: () => {} }),
    publish: () => {},
    request: (subject) => Promise.resolve({ subject, data: new TextEncoder().encode(JSON.stringify(reply)) }),
    status: async function* () {
      await new Promise(() => {});
    },
    close: () => Promise.resolve(),
  });

  test('reads a reply whose `error` is null as an outcome', async () => {
    const adapter = natsAdapter({ connection: replying({ error: null, outcome: 'accepted', reason: null }) });
    assert.equal((await adapter.act(actRequest('a'))).outcome, 'accepted');
  });

  test('reads an error without a message and without a waiting time', async () => {
    const adapter = natsAdapter({ connection: replying({ error: 'throttled', message: null, retryAfterMs: null }) });
    await assert.rejects(adapter.act(actRequest('a')), (error: AdapterError) => {
      assert.deepEqual([error.code, error.message, error.retryAfterMs], ['throttled', 'throttled', undefined]);
      return true;
    });
  });
});

describe('shareAcrossTabs', () => {
  test('sends every tab a feed with null in its optional fields, also after the feed was lost', async () => {
    const origin = new Origin();
    const { tabs, watches } = await openTabs(origin, 2);
    const { feed } = tabs[0]!;
    feed.push(
      nullChange({ type: 'open', mode: 'snapshot' }),
      nullChange({ type: 'page', items: [record('a', 'active')] }),
      nullChange({ type: 'synced' }),
      nullChange({ type: 'upsert', items: [record('a', 'error', 2)] }),
      nullChange({ type: 'remove', items: [{ id: 'a' }] }),
    );
    await origin.advance(10);
    for (const watch of watches) {
      assert.equal(watch.end, undefined);
      assert.deepEqual(watch.types, ['open', 'page', 'synced', 'upsert', 'remove']);
    }
    // The next snapshot leaves the same fields out: for the tabs that is the same `open`.
    watches[0]!.stop();
    tabs[0]!.watch();
    await origin.advance(10);
    watches[1]!.takeChanges();
    tabs[0]!.feed.push({ type: 'open', mode: 'snapshot' }, { type: 'synced' });
    await origin.advance(10);
    assert.equal(watches[1]!.end, undefined);
  });

  test('accepts messages of other tabs with null in them', async () => {
    const origin = new Origin();
    const { tabs } = await openTabs(origin, 1);
    const [lead] = tabs;
    lead!.feed.snapshot([record('a', 'active')]);
    await origin.advance(10);
    assert.equal(lead!.backend.watches.length, 1);
    origin.shout({ kind: 'want', tab: 'x', scope: 'all', renew: 'snapshot', sync: null });
    await origin.advance(10);
    assert.equal(lead!.backend.watches.length, 2);
  });
});
