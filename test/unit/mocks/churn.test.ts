import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackendStorage } from '../../../mocks/backend.ts';
import { runControl, SimulationError } from '../../../mocks/index.ts';
import { Reader, settled, stage, type Stage } from './support.ts';

function busy(storage?: BackendStorage): Stage {
  const made = stage({ seed: 3 }, storage);
  made.backend.campaigns.fill(10, 'flows');
  return made;
}
const rows = ({ backend }: Stage): unknown => backend.campaigns.list('flows');

describe('churn', () => {
  it('makes the given number of changes a second, for the given time, each in its own transaction', () => {
    let transactions = 0;
    const { backend, clock } = busy({ append: () => void transactions++ });
    const before = Number(backend.cursor('flows'));
    transactions = 0;
    backend.campaigns.churn({ system: 'flows', perSecond: 200, forMs: 2_000 });
    clock.advance(1_000);
    assert.equal(Number(backend.cursor('flows')) - before, 200);
    assert.equal(transactions, 200);
    clock.advance(10_000);
    assert.equal(Number(backend.cursor('flows')) - before, 400);
    assert.equal(clock.pending, 0);
    backend.dispose();
  });

  it('makes new messages, other statuses, removals and returns; steady campaigns stay in their status', async () => {
    const made = busy();
    const { backend, clock } = made;
    const steady = backend.campaigns.list('flows').slice(0, 3);
    const reader = new Reader(backend, 'flows');
    await settled();
    backend.campaigns.churn({ system: 'flows', perSecond: 100, forMs: 10_000, steady: steady.map(({ id }) => id) });
    const back = new Set<string>();
    const removed = new Set<string>();
    for (let second = 0; second < 10; second++) {
      clock.advance(1_000);
      await settled();
    }
    const statuses = new Set<string>();
    for (const change of reader.received) {
      if (change.type === 'remove') for (const { id } of change.items) removed.add(id);
      if (change.type === 'upsert')
        for (const { id, status } of change.items) {
          statuses.add(status);
          if (removed.has(id)) back.add(id);
        }
    }
    assert.ok(removed.size > 2 && back.size > 2, `${removed.size} went, ${back.size} came back`);
    assert.deepEqual([...statuses].sort(), ['active', 'error', 'inactive']);
    for (const { id, status, revision } of steady) {
      const { record } = backend.campaigns.get({ system: 'flows', id })!;
      assert.equal(record.status, status);
      assert.ok(!removed.has(id));
      assert.match(record.message ?? '', /^Change \d+: \d+ contacts so far\.$/);
      assert.ok(record.revision > revision);
    }
    reader.stop.abort();
    await reader.over;
    backend.dispose();
  });

  it('follows from the seed, and continues after a restart', () => {
    const [one, other] = [busy(), busy()];
    for (const { backend } of [one, other]) backend.campaigns.churn({ system: 'flows', perSecond: 50, forMs: 4_000 });
    one.clock.advance(2_000);
    other.clock.advance(2_000);
    assert.deepEqual(rows(one), rows(other));
    const restarted = stage({ seed: 3 }, { saved: one.backend.save() });
    restarted.clock.advance(2_000);
    assert.deepEqual(rows(restarted), rows(one), 'a restart ends it');
    restarted.backend.campaigns.churn({ system: 'flows', perSecond: 50 });
    restarted.clock.advance(2_000);
    other.clock.advance(2_000);
    assert.deepEqual(rows(restarted), rows(other));
    for (const { backend } of [one, other, restarted]) backend.dispose();
  });

  it('ends with 0, is replaced by another call, and does not catch up after a pause', () => {
    const { backend, clock } = busy();
    const made = (ms: number): number => {
      const before = Number(backend.cursor('flows'));
      clock.advance(ms);
      return Number(backend.cursor('flows')) - before;
    };
    backend.campaigns.churn({ system: 'flows', perSecond: 100 });
    backend.campaigns.churn({ system: 'flows', perSecond: 10 });
    assert.equal(made(1_000), 10);
    backend.campaigns.churn({ system: 'flows', perSecond: 0 });
    assert.equal(made(1_000), 0);
    assert.equal(clock.pending, 0);
    backend.dispose();
  });

  it('is a control too, and rejects invalid options', () => {
    const { backend, clock } = busy();
    runControl(backend, { do: 'campaigns.churn', with: [{ system: 'flows', perSecond: 10, forMs: 500 }] });
    const before = Number(backend.cursor('flows'));
    clock.advance(1_000);
    assert.equal(Number(backend.cursor('flows')) - before, 5);
    assert.throws(() => backend.campaigns.churn({ system: 'flow', perSecond: 1 }), SimulationError);
    assert.throws(() => backend.campaigns.churn({ system: 'flows', perSecond: NaN }), RangeError);
    assert.throws(() => backend.campaigns.churn({ system: 'flows', perSecond: 1, forMs: -1 }), RangeError);
    backend.dispose();
  });
});
