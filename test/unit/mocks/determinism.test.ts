import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backend } from '../../../mocks/backend.ts';
import type { Write } from '../../../mocks/database.ts';
import { manualClock, type SavedState } from '../../../mocks/index.ts';
import { press, Reader, settled } from './support.ts';

/** Simulates an afternoon on the platform, and records everything that is visible. */
async function afternoon(seed: string, disturb = false): Promise<string> {
  const clock = manualClock();
  const journal: (readonly Write[])[] = [];
  const backend = new Backend({ seed, clock }, { append: (writes) => void journal.push(writes) });
  const feeds = [new Reader(backend, 'flows'), new Reader(backend, 'python')];
  const log: unknown[] = [];
  const logRead = (async () => {
    for await (const entries of backend.log({ system: 'python', id: 'renewal-reminders-dach' })) log.push(entries);
  })();
  const seen: unknown[] = [];
  for (let hour = 0; hour < 6; hour++) {
    if (disturb) backend.campaigns.list('flows');
    const ref = backend.campaigns.add({ system: 'flows', met: ['active-flow'] });
    seen.push(ref, await press(backend, ref, 'start', undefined, `key ${hour}`));
    if (hour % 2) backend.dependencies.set({ kind: 'channel', id: 'email' }, 'running');
    else backend.dependencies.set({ kind: 'channel', id: 'email' }, 'stopped');
    backend.campaigns.raise({ system: 'python', id: 'renewal-reminders-dach' });
    backend.dependencies.set({ kind: 'agent', id: 'copywriter' }, 'error');
    backend.dependencies.set({ kind: 'agent', id: 'copywriter' }, 'running');
    clock.advance(10_000);
    await settled();
  }
  backend.faults.restart({ newEpoch: true });
  await assert.rejects(logRead, { code: 'unavailable' });
  const output = JSON.stringify(
    [seen, log, feeds.map(({ received }) => received), backend.save(), journal, backend.epoch],
    null,
    1,
  );
  backend.dispose();
  return output;
}

describe('determinism', () => {
  it('gives the same output for the same seed, calls and clock, and another for another seed', async () => {
    const first = await afternoon('a');
    assert.equal(await afternoon('a', true), first);
    assert.notEqual(await afternoon('b'), first);
    assert.ok(first.length > 20_000, 'something happened');
  });

  it('continues from a saved state without a difference', async () => {
    const lives = [false, true].map(async (interrupted) => {
      const clock = manualClock();
      let backend = new Backend({ clock, seed: 3 });
      backend.dependencies.set({ kind: 'channel', id: 'sms' }, 'stopped');
      clock.advance(7_000);
      if (interrupted) {
        const saved = JSON.parse(JSON.stringify(backend.save())) as SavedState;
        backend.dispose();
        backend = new Backend({ clock, seed: 3, tickMs: 0 }, { saved });
      } else {
        backend.dispose();
        backend = new Backend({ clock, seed: 3, tickMs: 0 }, { saved: backend.save() });
      }
      backend.dependencies.set({ kind: 'agent', id: 'copywriter' }, 'stopped');
      for (let n = 0; n < 3; n++) backend.tick();
      const ref = backend.campaigns.add({ system: 'flows' });
      backend.campaigns.setPrerequisite(ref, 'active-flow', true);
      await press(backend, ref, 'start', undefined, 'k');
      clock.advance(3_000);
      const state = JSON.stringify(backend.save());
      backend.dispose();
      return state;
    });
    const [whole, interrupted] = await Promise.all(lives);
    assert.equal(interrupted, whole);
  });

  it('resumes after a crash: an accepted action, and a Start that will fail', async () => {
    const clock = manualClock();
    const before = new Backend({ clock, sampleData: 'empty', tickMs: 0 });
    const waiting = before.campaigns.add({
      system: 'python',
      met: ['contacts', 'strategy'],
      dependencies: [{ kind: 'channel', id: 'push' }],
    });
    const doomed = before.campaigns.add({
      system: 'flows',
      met: ['active-flow'],
      dependencies: [{ kind: 'channel', id: 'sms' }],
    });
    before.dependencies.set({ kind: 'channel', id: 'sms' }, 'stopped');
    await press(before, doomed, 'start');
    before.faults.acceptOnly(true);
    await press(before, waiting, 'start');
    const saved = before.save();
    before.dispose();
    const after = new Backend({ clock, tickMs: 0 }, { saved });
    assert.equal(after.epoch, before.epoch);
    clock.advance(1_500);
    assert.equal(after.campaigns.get(waiting)!.record.status, 'running');
    assert.equal(after.campaigns.get(doomed)!.record.status, 'error');
    after.dispose();
  });

  it('saves an effect and its result in one transaction', async () => {
    const stored: (readonly Write[])[] = [];
    const backend = new Backend({ tickMs: 0 }, { append: (writes) => void stored.push(writes) });
    stored.length = 0;
    await press(backend, { system: 'flows', id: 'welcome-series' }, 'start', 'inactive', 'k');
    assert.equal(stored.length, 1);
    const tables = stored[0]!.map(([table]) => table);
    for (const table of ['campaigns/flows', 'changes/flows', 'results']) assert.ok(tables.includes(table), table);
    backend.dispose();
  });

  it('does nothing that could not be saved', async () => {
    let full = false;
    const backend = new Backend(
      { tickMs: 0 },
      {
        append() {
          if (full) throw new Error('disk full');
        },
      },
    );
    const reader = new Reader(backend, 'flows');
    await settled();
    const before = JSON.stringify(backend.save());
    full = true;
    assert.throws(() => backend.campaigns.add({ system: 'flows' }), /disk full/);
    assert.throws(() => backend.dependencies.set({ kind: 'channel', id: 'email' }, 'stopped'), /disk full/);
    await assert.rejects(
      press(backend, { system: 'flows', id: 'welcome-series' }, 'start', 'inactive', 'k'),
      /disk full/,
    );
    await settled();
    assert.equal(JSON.stringify(backend.save()), before);
    assert.deepEqual(reader.types, ['open', 'page', 'synced']);
    full = false;
    assert.equal(
      (await press(backend, { system: 'flows', id: 'welcome-series' }, 'start', 'inactive', 'k')).outcome,
      'done',
    );
    backend.dispose();
  });
});
