import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AdapterErrorCode, CampaignRef } from '../../../src/adapters/contract.ts';
import { simulatedAdapter } from '../../../mocks/index.ts';
import { press, settled, stage, type Stage } from './support.ts';

function flow(): Stage & { ref: CampaignRef; status: () => string } {
  const { backend, clock } = stage();
  const ref = backend.campaigns.add({ system: 'flows', met: ['active-flow'] });
  return { backend, clock, ref, status: () => backend.campaigns.get(ref)!.record.status };
}

const code = (wanted: AdapterErrorCode) => (error: unknown) => (error as { code?: string }).code === wanted;

describe('an action', () => {
  it('is a conflict only if it is illegal from the real status, whatever the user saw', async () => {
    const { backend, ref } = flow();
    // The user saw an error, but it is inactive: start is legal in both.
    assert.equal((await press(backend, ref, 'start', 'error')).outcome, 'done');
    backend.campaigns.touch(ref);
    // An old revision is no conflict either.
    assert.equal((await press(backend, ref, 'stop', 'active')).outcome, 'done');
    const overtaken = await press(backend, ref, 'stop', 'active');
    assert.ok(overtaken.outcome === 'conflict');
    assert.equal(overtaken.campaign?.status, 'inactive');
    assert.equal(overtaken.epoch, backend.epoch);
    assert.match(overtaken.reason ?? '', /no longer “Active”.*“Inactive”.*Planner/);
    const never = await press(backend, ref, 'stop', 'inactive');
    assert.ok(never.outcome === 'conflict' && never.campaign && /not possible/.test(never.reason ?? ''));
    const python = backend.campaigns.add({ system: 'python', met: ['contacts', 'strategy'] });
    backend.campaigns.setPrerequisite(python, 'contacts', false);
    assert.equal(
      (await press(backend, python, 'start', 'configured')).outcome,
      'conflict',
      'it was configured when seen',
    );
    backend.dispose();
  });

  it('on a removed campaign or an unknown system changes nothing and is refused', async () => {
    const { backend, ref } = flow();
    backend.campaigns.remove(ref, 'archived');
    const removed = await press(backend, ref, 'start', 'inactive');
    assert.ok(removed.outcome === 'refused' && removed.code === 'gone' && removed.reason);
    const unknown = await press(backend, backend.campaigns.add({ system: 'flows' }), 'constructor');
    assert.ok(unknown.outcome === 'refused' && unknown.code === 'invalid');
    backend.dispose();
  });

  it('is refused to a read-only user, and every record lists it as denied', async () => {
    const { backend, ref, status } = flow();
    const { revision } = backend.campaigns.get(ref)!.record;
    backend.faults.readOnly(true, 'Ask an administrator for access.');
    const { record } = backend.campaigns.get(ref)!;
    assert.deepEqual(record.denied, {
      start: 'Ask an administrator for access.',
      stop: 'Ask an administrator for access.',
    });
    assert.ok(record.revision > revision, 'a newer revision, or nobody would take notice');
    const refused = await press(backend, ref, 'start');
    assert.deepEqual(refused, { outcome: 'refused', code: 'forbidden', reason: 'Ask an administrator for access.' });
    assert.equal(status(), 'inactive');
    backend.faults.readOnly(false);
    assert.equal(backend.campaigns.get(ref)!.record.denied, undefined);
    backend.campaigns.deny(ref, { start: 'Locked for the audit.' });
    const locked = await press(backend, ref, 'start');
    assert.ok(locked.outcome === 'refused' && locked.code === 'forbidden' && locked.reason === 'Locked for the audit.');
    backend.dispose();
  });
});

describe('a key', () => {
  it('has one effect at most, and every repetition gets the first result', async () => {
    const { backend, ref } = flow();
    const first = await press(backend, ref, 'start', 'inactive', 'k');
    await press(backend, ref, 'stop');
    const { revision } = backend.campaigns.get(ref)!.record;
    assert.deepEqual(await press(backend, ref, 'start', 'inactive', 'k'), first);
    assert.equal(backend.campaigns.get(ref)!.record.revision, revision, 'it did not start again what was stopped');
    const other = await press(backend, ref, 'start', 'error', 'k');
    assert.ok(other.outcome === 'refused' && other.code === 'invalid', 'another payload');
    await assert.rejects(press(backend, ref, 'start', 'inactive', ''), code('misconfigured'));
    backend.dispose();
  });

  it('that is still pending is answered 409, and a lost answer is found by repeating it', async () => {
    const { backend, clock, ref, status } = flow();
    backend.faults.latency(1_000);
    const slow = press(backend, ref, 'start', 'inactive', 'k');
    await assert.rejects(press(backend, ref, 'start', 'inactive', 'k'), code('throttled'));
    clock.advance(1_000);
    assert.equal((await slow).outcome, 'done');
    backend.faults.clear();

    backend.faults.loseNextAnswer();
    await assert.rejects(press(backend, ref, 'stop', 'active', 'lost'), code('unavailable'));
    assert.equal(status(), 'inactive', 'the effect is real');
    assert.equal((await press(backend, ref, 'stop', 'active', 'lost')).outcome, 'done');
    backend.dispose();
  });

  it('whose request was lost has no effect', async () => {
    const { backend, clock, ref, status } = flow();
    backend.faults.latency(1_000);
    const lost = press(backend, ref, 'start');
    backend.faults.restart();
    await assert.rejects(lost, code('unavailable'));
    clock.advance(5_000);
    assert.equal(status(), 'inactive');
    backend.dispose();
  });

  it('keeps its effect when its caller aborts', async () => {
    const { backend, clock, ref, status } = flow();
    backend.faults.latency(500);
    const stop = new AbortController();
    const expect = { status: 'inactive', revision: 1 };
    const result = simulatedAdapter(backend).act({
      ref,
      action: 'start',
      expect,
      idempotencyKey: 'k',
      signal: stop.signal,
    });
    stop.abort();
    await assert.rejects(result, { name: 'AbortError' });
    clock.advance(500);
    await settled();
    assert.equal(status(), 'active');
    backend.dispose();
  });
});

describe('a fault of an action', () => {
  it('refuses the next request of that action, once', async () => {
    const { backend, ref } = flow();
    backend.faults.refuseNext({ action: 'stop', code: 'forbidden', reason: 'Not during the audit.' });
    assert.equal((await press(backend, ref, 'start')).outcome, 'done');
    assert.deepEqual(await press(backend, ref, 'stop'), {
      outcome: 'refused',
      code: 'forbidden',
      reason: 'Not during the audit.',
    });
    assert.equal((await press(backend, ref, 'stop')).outcome, 'done');
    backend.dispose();
  });

  it('swallows it, or delays it', async () => {
    const { backend, clock, ref, status } = flow();
    backend.faults.swallowNext();
    assert.deepEqual(await press(backend, ref, 'start', 'inactive', 'swallowed'), { outcome: 'accepted' });
    clock.advance(60_000);
    assert.equal(status(), 'inactive', 'nothing comes of it');
    backend.faults.acceptOnly(true);
    assert.deepEqual(await press(backend, ref, 'start'), { outcome: 'accepted' });
    assert.equal(status(), 'inactive');
    clock.advance(1_500);
    assert.equal(status(), 'active');
    backend.dispose();
  });

  it('throttles for a while, and answers with the set status', async () => {
    const { backend, clock, ref } = flow();
    backend.faults.throttle(3_000);
    await assert.rejects(press(backend, ref, 'start'), { code: 'throttled', retryAfterMs: 3_000 });
    clock.advance(3_000);
    assert.equal((await press(backend, ref, 'start')).outcome, 'done');
    for (const [status, wanted] of [
      [401, 'unauthenticated'],
      [500, 'unavailable'],
      [418, 'misconfigured'],
    ] as const) {
      backend.faults.answer(status, { to: 'act', times: 1 });
      await assert.rejects(press(backend, ref, 'stop'), code(wanted));
    }
    for (const [status, wanted] of [
      [400, 'invalid'],
      [403, 'forbidden'],
      [410, 'gone'],
    ] as const) {
      backend.faults.answer(status, { times: 1 });
      const refused = await press(backend, ref, 'stop');
      assert.ok(refused.outcome === 'refused' && refused.code === wanted);
    }
    assert.ok(await backend.get(ref), 'once only');
    backend.dispose();
  });
});
