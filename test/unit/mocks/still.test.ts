import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CampaignRef } from '../../../src/adapters/contract.ts';
import { manualClock, simulateBackend, SimulationError } from '../../../mocks/index.ts';
import { press, Reader, settled } from './support.ts';

const HOUR = 3_600_000;
const EMAIL = { kind: 'channel', id: 'email' };

function still(options: { sampleData?: 'empty' } = {}) {
  const clock = manualClock();
  const backend = simulateBackend({ clock, still: true, ...options });
  const statusOf = (ref: CampaignRef): string => backend.campaigns.get(ref)!.record.status;
  const startable = (): CampaignRef =>
    backend.campaigns.add({ system: 'flows', met: ['active-flow'], dependencies: [EMAIL] });
  return { backend, clock, statusOf, startable };
}

describe('a still backend', () => {
  it('changes nothing in an hour, while its feeds stay alive', async () => {
    const { backend, clock } = still();
    const reader = new Reader(backend, 'flows');
    await settled();
    const before = JSON.stringify(backend.save());
    clock.advance(HOUR);
    await settled();
    assert.equal(JSON.stringify(backend.save()), before);
    assert.deepEqual(reader.types, ['open', 'page', 'synced', 'heartbeat']);
    reader.stop.abort();
    backend.dispose();
  });

  it('lets a Start with a broken dependency stand until the engine is run', async () => {
    const { backend, clock, statusOf, startable } = still({ sampleData: 'empty' });
    const ref = startable();
    backend.dependencies.set(EMAIL, 'stopped');
    await press(backend, ref, 'start');
    clock.advance(HOUR);
    assert.equal(statusOf(ref), 'active');
    backend.tick();
    assert.equal(statusOf(ref), 'error');
    backend.dispose();
  });

  it('does an accepted action when the engine is run, also after its state was restored', async () => {
    const { backend, clock, statusOf, startable } = still({ sampleData: 'empty' });
    const ref = startable();
    backend.faults.acceptOnly(true);
    assert.equal((await press(backend, ref, 'start')).outcome, 'accepted');
    backend.restore(backend.save());
    clock.advance(HOUR);
    assert.equal(statusOf(ref), 'inactive');
    backend.tick();
    assert.equal(statusOf(ref), 'active');
    backend.tick();
    assert.equal(backend.effects().length, 1);
    backend.dispose();
  });

  it('refuses to change by itself', () => {
    const { backend } = still();
    assert.throws(() => backend.campaigns.churn({ system: 'flows', perSecond: 1 }), SimulationError);
    backend.dispose();
  });
});
