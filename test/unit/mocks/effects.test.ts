import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runControl } from '../../../mocks/index.ts';
import { press, stage } from './support.ts';

describe('the effects of actions', () => {
  it('are listed by key, once each, also after a restart; an action without an effect has none', async () => {
    const { backend, clock } = stage({ processingMs: 100 });
    const ref = backend.campaigns.add({ system: 'flows', met: ['active-flow'] });
    const started = { idempotencyKey: 'a', ref, action: 'start', from: 'inactive', to: 'active' };
    const stopped = { idempotencyKey: 'd', ref, action: 'stop', from: 'active', to: 'inactive' };
    await press(backend, ref, 'start', 'inactive', 'a');
    await press(backend, ref, 'start', 'inactive', 'a');
    await press(backend, ref, 'start', 'inactive', 'b');
    backend.faults.swallowNext();
    await press(backend, ref, 'stop', 'active', 'c');
    assert.deepEqual(backend.effects(), [started]);

    backend.faults.acceptOnly(true);
    await press(backend, ref, 'stop', 'active', 'd');
    assert.deepEqual(backend.effects(), [started], 'not before it takes effect');
    const restarted = stage({ processingMs: 100 }, { saved: backend.save() });
    for (const one of [{ backend, clock }, restarted]) {
      one.clock.advance(100);
      assert.deepEqual(one.backend.effects(), [started, stopped]);
      assert.deepEqual(runControl(one.backend, { do: 'effects' }), one.backend.effects());
      one.backend.dispose();
    }
  });

  it('are removed when an older state is restored', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'flows', met: ['active-flow'] });
    const before = backend.save();
    await press(backend, ref, 'start', 'inactive', 'a');
    backend.restore(before);
    assert.deepEqual(backend.effects(), []);
    await press(backend, ref, 'start', 'inactive', 'a');
    assert.deepEqual(
      backend.effects().map(({ idempotencyKey, to }) => [idempotencyKey, to]),
      [['a', 'active']],
    );
    backend.dispose();
  });
});
