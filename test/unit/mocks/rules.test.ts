import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CampaignRecord, CampaignRef } from '../../../src/adapters/contract.ts';
import { defineLifecycle, flows, landing, python, statusDef, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { simulateBackend, type SimulatedBackend } from '../../../mocks/index.ts';
import { press, settled, stage } from './support.ts';

/** A third system, as a host may define one. It finishes, and one of its prerequisites starts it. */
const surveys = defineLifecycle({
  system: 'surveys',
  label: 'Surveys',
  initial: 'draft',
  log: true,
  statuses: {
    draft: {
      label: 'Draft',
      tone: 'gray',
      icon: 'square',
      meaning: 'Waits for questions.',
      needs: ['questions'],
      ready: 'asking',
    },
    asking: { label: 'Asking', tone: 'green', icon: 'play', meaning: 'Asks.', action: 'close', fault: 'jammed' },
    jammed: { label: 'Jammed', tone: 'red', icon: 'diamond', meaning: 'Stuck.', action: 'resume' },
    closed: { label: 'Closed', tone: 'blue', icon: 'check', meaning: 'Done.' },
  },
  actions: {
    close: { label: 'Close', pending: 'Closing', from: { asking: 'closed', jammed: 'closed' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { jammed: 'asking' } },
  },
  prerequisites: { questions: { label: 'questions', missing: 'Write questions.' } },
});

const ALL: readonly Lifecycle[] = [flows, python, surveys];
const allMet = (lifecycle: Lifecycle): string[] => Object.keys(lifecycle.prerequisites ?? {});

function statusOf(backend: SimulatedBackend, ref: CampaignRef): string {
  return backend.campaigns.get(ref)!.record.status;
}

describe('the rules of the table', () => {
  it('every legal action works and every other is refused with a reason, in every system', async () => {
    let taken = 0;
    let refused = 0;
    for (const lifecycle of ALL) {
      const { backend } = stage({ lifecycles: ALL });
      for (const status of Object.keys(lifecycle.statuses))
        for (const action of Object.keys(lifecycle.actions)) {
          // A waiting status is valid only while something is missing.
          const met = statusDef(lifecycle, status)?.ready === undefined ? allMet(lifecycle) : [];
          const ref = backend.campaigns.add({ system: lifecycle.system, status, met });
          const before = backend.campaigns.get(ref)!.record;
          const target = landing(lifecycle, status, action);
          const result = await press(backend, ref, action);
          const after = backend.campaigns.get(ref)!.record;
          if (target !== undefined) {
            taken++;
            assert.equal(result.outcome, 'done', `${lifecycle.system}: ${action} from ${status}`);
            assert.equal(after.status, target);
            assert.ok(after.revision > before.revision);
            assert.equal(after.changedBy, 'Planner');
          } else {
            refused++;
            assert.ok(result.outcome === 'conflict' || result.outcome === 'refused', `${action} from ${status}`);
            assert.ok(result.reason, 'a refusal says why');
            if (result.outcome === 'conflict') assert.equal(result.campaign?.status, status);
            assert.deepEqual(after, before, 'nothing happened');
          }
        }
      backend.dispose();
    }
    assert.deepEqual({ taken, refused }, { taken: 3 + 3 + 3, refused: 3 + 9 + 5 });
  });

  it('nothing is processed in a status that does not process', async () => {
    const { backend } = stage({ sampleData: 'default', lifecycles: ALL });
    const before = new Map<string, number>();
    const each = (): [CampaignRef, string, number][] =>
      ALL.flatMap(({ system }) =>
        backend.campaigns.list(system).map(({ id, status }): [CampaignRef, string, number] => {
          const ref = { system, id };
          return [ref, status, backend.campaigns.get(ref)!.processed];
        }),
      );
    for (const [ref, , processed] of each()) before.set(JSON.stringify(ref), processed);
    backend.tick();
    for (const [ref, status, processed] of each()) {
      const busy = statusDef(backend.lifecycles.get(ref.system), status)?.fault !== undefined;
      assert.equal(processed > before.get(JSON.stringify(ref))!, busy, `${ref.id} is ${status}`);
      if (!busy) assert.equal(backend.campaigns.raise(ref), false, `nothing runs in ${status}, so nothing fails`);
    }
    backend.dispose();
  });
});

describe('prerequisites', () => {
  it('the missing ones are always listed, and created turns into configured with the second one', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'python' });
    const record = (): CampaignRecord => backend.campaigns.get(ref)!.record;
    assert.deepEqual(record().missing, ['contacts', 'strategy']);
    const tooEarly = await press(backend, ref, 'start');
    assert.ok(tooEarly.outcome === 'refused' && tooEarly.code === 'invalid');
    assert.match(tooEarly.reason ?? '', /contacts.*strategy/i);
    backend.campaigns.setPrerequisite(ref, 'contacts', true);
    assert.deepEqual([record().status, record().missing], ['created', ['strategy']]);
    const half = await press(backend, ref, 'start');
    assert.ok(half.outcome === 'refused' && !/contacts/.test(half.reason ?? ''), 'only what is missing is named');
    backend.campaigns.setPrerequisite(ref, 'strategy', true);
    assert.deepEqual([record().status, record().missing], ['configured', []]);
    backend.campaigns.setPrerequisite(ref, 'contacts', false);
    assert.deepEqual([record().status, record().missing], ['created', ['contacts']]);
    backend.dispose();
  });

  it('a running campaign continues when one is lost; the next Stop or Force stop leads to created', async () => {
    for (const end of ['stop', 'force-stop']) {
      const { backend } = stage();
      const ref = backend.campaigns.add({ system: 'python', met: ['contacts', 'strategy'] });
      await press(backend, ref, 'start');
      backend.campaigns.setPrerequisite(ref, 'strategy', false);
      assert.equal(statusOf(backend, ref), 'running');
      if (end === 'force-stop') backend.campaigns.raise(ref);
      const result = await press(backend, ref, end);
      assert.ok(result.outcome === 'done' && result.campaign.status === 'created');
      backend.dispose();
    }
  });

  it('flows start only with an active flow, and stay active without one', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'flows' });
    const refused = await press(backend, ref, 'start');
    assert.ok(refused.outcome === 'refused' && refused.code === 'invalid');
    assert.match(refused.reason ?? '', /flow/);
    backend.campaigns.setPrerequisite(ref, 'active-flow', true);
    assert.equal((await press(backend, ref, 'start')).outcome, 'done');
    backend.campaigns.setPrerequisite(ref, 'active-flow', false);
    assert.equal(statusOf(backend, ref), 'active');
    assert.deepEqual(backend.campaigns.get(ref)!.record.missing, ['active-flow']);
    backend.dispose();
  });

  it('a third lifecycle’s can be met and taken away, and the error for an unknown one names them', () => {
    const { backend } = stage({ lifecycles: [surveys] });
    const ref = backend.campaigns.add({ system: 'surveys' });
    backend.campaigns.setPrerequisite(ref, 'questions', true);
    assert.equal(statusOf(backend, ref), 'asking');
    backend.campaigns.setPrerequisite(ref, 'questions', false);
    assert.equal(statusOf(backend, ref), 'asking', 'it processes, so it goes on');
    assert.throws(() => backend.campaigns.setPrerequisite(ref, 'contacts', true), /questions/);
    backend.dispose();
  });
});

describe('faults while processing', () => {
  it('a stopped channel or agent puts a processing campaign into its error status, with the cause', () => {
    const { backend, clock } = stage({ lifecycles: ALL });
    const dependencies = [
      { kind: 'channel', id: 'sms' },
      { kind: 'agent', id: 'translator' },
      { kind: 'agent', id: 'copywriter' },
    ];
    for (const lifecycle of ALL) {
      const statuses = Object.keys(lifecycle.statuses);
      for (const status of statuses)
        backend.campaigns.add({
          system: lifecycle.system,
          id: status,
          status,
          met: allMet(lifecycle),
          dependencies,
        });
      clock.advance(60_000);
      for (const [kind, id, state, message] of [
        ['channel', 'sms', 'stopped', 'quota used up'],
        ['agent', 'copywriter', 'error'],
        ['agent', 'translator', 'stopped'],
      ] as const) {
        const before = new Map(backend.campaigns.list(lifecycle.system).map((record) => [record.id, record]));
        backend.dependencies.set({ kind, id }, state, message);
        for (const record of backend.campaigns.list(lifecycle.system)) {
          const was = before.get(record.id)!;
          const fault = statusDef(lifecycle, was.status)?.fault;
          if (fault === undefined) {
            assert.deepEqual(record, was, 'who does not process does not notice');
            continue;
          }
          assert.equal(record.status, fault);
          assert.deepEqual({ kind: record.cause?.kind, id: record.cause?.id }, { kind, id });
          assert.ok(record.message?.includes(record.cause?.name ?? '?'), 'the message names the cause');
          assert.equal(record.at, new Date(clock.now()).toISOString());
          assert.equal(record.changedBy, 'Engine');
          backend.campaigns.force(record as CampaignRef & { system: string }, {
            status: was.status,
            message: null,
            cause: null,
          });
        }
        backend.dependencies.set({ kind, id }, 'running');
      }
    }
    backend.dispose();
  });

  it('a Start whose cause is not fixed is done, and is in error again a little later with a new message and time', async () => {
    const { backend, clock } = stage({ processingMs: 1_500 });
    const ref = backend.campaigns.add({
      system: 'flows',
      met: ['active-flow'],
      dependencies: [{ kind: 'channel', id: 'email' }],
    });
    await press(backend, ref, 'start');
    backend.dependencies.set({ kind: 'channel', id: 'email' }, 'stopped');
    const first = backend.campaigns.get(ref)!.record;
    clock.advance(30_000);
    assert.equal((await press(backend, ref, 'start')).outcome, 'done');
    const meanwhile = backend.campaigns.get(ref)!.record;
    assert.equal(meanwhile.status, 'active');
    assert.deepEqual([meanwhile.message, meanwhile.cause], [undefined, undefined], 'the old error is gone');
    clock.advance(1_499);
    assert.equal(statusOf(backend, ref), 'active');
    clock.advance(1);
    const again = backend.campaigns.get(ref)!.record;
    assert.equal(again.status, 'error');
    assert.notEqual(again.message, first.message);
    assert.notEqual(again.at, first.at);
    backend.dependencies.set({ kind: 'channel', id: 'email' }, 'running');
    await press(backend, ref, 'start');
    clock.advance(60_000);
    assert.equal(statusOf(backend, ref), 'active', 'fixed, it stays active');
    backend.dispose();
  });

  it('a diagnosis shows what a campaign depends on, with its current state', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({
      system: 'flows',
      dependencies: [
        { kind: 'channel', id: 'push' },
        { kind: 'agent', id: 'segmenter' },
      ],
    });
    backend.dependencies.set({ kind: 'agent', id: 'segmenter' }, 'error', 'out of memory');
    const found = await backend.diagnose(ref);
    assert.deepEqual(
      found.map(({ kind, id, name, state, message }) => [kind, id, name, state, message]),
      [
        ['channel', 'push', 'Push', 'running', undefined],
        ['agent', 'segmenter', 'Segmenter', 'error', 'out of memory'],
      ],
    );
    backend.dispose();
  });
});

describe('the engine log', () => {
  it('has start, strategy output, exception and stop, and is live until the campaign is removed', async () => {
    const { backend } = stage();
    const ref = backend.campaigns.add({ system: 'python', met: ['contacts', 'strategy'] });
    const texts: string[] = [];
    let over = false;
    void (async () => {
      for await (const entries of backend.log(ref))
        texts.push(...entries.map(({ text, level }) => `${level}: ${text}`));
      over = true;
    })();
    await press(backend, ref, 'start');
    await settled();
    assert.match(texts.at(-1)!, /started by Planner/);
    backend.tick();
    await settled();
    assert.equal(texts.length, 2, 'strategy output');
    backend.campaigns.raise(ref);
    await settled();
    assert.match(texts.at(-2)!, /^error: Traceback \(most recent call last\):\n {2}File "/);
    const { message } = backend.campaigns.get(ref)!.record;
    const exception = texts.at(-2)!.split('\n').at(-1)!;
    assert.ok(message!.includes(exception), 'tag and log show the same exception');
    await press(backend, ref, 'force-stop');
    await settled();
    assert.match(texts.at(-1)!, /halted/);
    const again: string[] = [];
    for await (const entries of backend.log(ref)) {
      again.push(...entries.map(({ text }) => text));
      break;
    }
    assert.equal(again.length, texts.length, 'a new subscription starts over');
    backend.campaigns.remove(ref);
    await settled();
    assert.ok(over);
    await assert.rejects(async () => {
      for await (const _ of backend.log({ system: 'flows', id: 'x' }));
    });
    backend.dispose();
  });
});

describe('the default sample data', () => {
  it('has a dozen campaigns per system, in all statuses, and the processing ones have working dependencies', () => {
    const backend = simulateBackend({ lifecycles: ALL, tickMs: 0 });
    for (const lifecycle of ALL) {
      const records = backend.campaigns.list(lifecycle.system);
      assert.equal(records.length, 12);
      assert.deepEqual(new Set(records.map(({ status }) => status)), new Set(Object.keys(lifecycle.statuses)));
      assert.equal(new Set(records.map(({ name }) => name)).size, 12);
      for (const record of records) {
        const failed = Object.values(lifecycle.statuses).some(({ fault }) => fault === record.status);
        assert.equal(record.message !== undefined, failed, `${record.id} is ${record.status}`);
        const def = statusDef(lifecycle, record.status);
        if (def?.ready !== undefined) assert.ok(record.missing?.length, 'who waits lacks something');
      }
    }
    const before = JSON.stringify(ALL.map(({ system }) => backend.campaigns.list(system)));
    backend.tick();
    assert.equal(JSON.stringify(ALL.map(({ system }) => backend.campaigns.list(system))), before);
    const states = (wanted: string): Set<string> =>
      new Set(backend.dependencies.list().flatMap(({ kind, state }) => (kind === wanted ? state : [])));
    assert.deepEqual(states('channel'), new Set(['running', 'stopped']));
    assert.deepEqual(states('agent'), new Set(['running', 'stopped', 'error']));
    backend.dispose();
  });
});
