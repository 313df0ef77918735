/** The two built-in systems, text by text: each row of the tables in the docs. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  defineLifecycle,
  flows,
  landing,
  movesAfter,
  landings,
  legalActions,
  lookOf,
  python,
  recoverySteps,
  settle,
  statusView,
  transitions,
  type Lifecycle,
} from '../../../src/lifecycle/index.ts';

interface Expected {
  readonly label: string;
  readonly tone: string;
  readonly button: string;
  readonly enabled: boolean;
  readonly editable: boolean | undefined;
}

const tables: readonly [Lifecycle, Readonly<Record<string, Expected>>][] = [
  [
    flows,
    {
      inactive: { label: 'Inactive', tone: 'amber', button: 'start', enabled: true, editable: true },
      active: { label: 'Active', tone: 'green', button: 'stop', enabled: true, editable: false },
      error: { label: 'Error', tone: 'red', button: 'start', enabled: true, editable: false },
    },
  ],
  [
    python,
    {
      created: { label: 'Created', tone: 'gray', button: 'start', enabled: false, editable: undefined },
      configured: { label: 'Configured', tone: 'orange', button: 'start', enabled: true, editable: undefined },
      running: { label: 'Running', tone: 'green', button: 'stop', enabled: true, editable: undefined },
      error: { label: 'Error', tone: 'red', button: 'force-stop', enabled: true, editable: undefined },
    },
  ],
];

for (const [lifecycle, statuses] of tables)
  describe(lifecycle.system, () => {
    test('has exactly the specified statuses', () => {
      assert.deepEqual(Object.keys(lifecycle.statuses), Object.keys(statuses));
    });

    for (const [status, expected] of Object.entries(statuses))
      test(`${status}: label, colour, button and editing`, () => {
        const view = statusView(lifecycle, status);
        assert.equal(lifecycle.statuses[status]!.label, expected.label);
        assert.equal(view.known, true);
        assert.equal(view.tone, expected.tone);
        assert.equal(view.action?.action, expected.button);
        assert.equal(view.action?.disabled === undefined, expected.enabled);
        assert.equal(view.editable, expected.editable);
      });

    test('each status has its own icon, a meaning and a next step', () => {
      const icons = Object.values(lifecycle.statuses).map(({ icon }) => icon);
      assert.equal(new Set(icons).size, icons.length);
      for (const { meaning, next } of Object.values(lifecycle.statuses)) {
        assert.match(meaning, /\S.*\.$/);
        assert.match(next ?? '', /\S.*\.$/);
      }
    });
  });

test('a new campaign is inactive in flows, created in python', () => {
  assert.equal(flows.initial, 'inactive');
  assert.equal(python.initial, 'created');
});

test('only python keeps an engine log', () => {
  assert.equal(flows.log, undefined);
  assert.equal(python.log, true);
});

test('flows: the legal transitions are start from inactive and error, stop from active', () => {
  assert.deepEqual(transitions(flows), [
    { action: 'start', from: 'inactive', to: 'active' },
    { action: 'start', from: 'error', to: 'active' },
    { action: 'stop', from: 'active', to: 'inactive' },
  ]);
});

test('python: the legal transitions are start from configured, stop from running, force-stop from error', () => {
  assert.deepEqual(transitions(python), [
    { action: 'start', from: 'configured', to: 'running' },
    { action: 'stop', from: 'running', to: 'configured' },
    { action: 'force-stop', from: 'error', to: 'configured' },
  ]);
});

for (const lifecycle of [flows, python] as readonly Lifecycle[]) {
  const legal = new Map(transitions(lifecycle).map(({ action, from, to }) => [`${action} from ${from}`, to]));
  for (const action of ['start', 'stop', 'force-stop', 'restart', 'pause'])
    for (const status of Object.keys(lifecycle.statuses)) {
      const to = legal.get(`${action} from ${status}`);
      test(`${lifecycle.system}: ${action} from ${status} ${to ? `leads to ${to}` : 'is forbidden'}`, () => {
        assert.equal(landing(lifecycle, status, action), to);
        assert.equal(legalActions(lifecycle, status).includes(action), to !== undefined);
        assert.equal(landings(lifecycle, status, action)[0], to);
      });
    }
}

test('python: stop and force stop lead to created when a prerequisite was lost meanwhile', () => {
  for (const missing of [['contacts'], ['strategy'], ['contacts', 'strategy']]) {
    assert.equal(landing(python, 'running', 'stop', missing), 'created');
    assert.equal(landing(python, 'error', 'force-stop', missing), 'created');
  }
  assert.deepEqual(landings(python, 'running', 'stop'), ['configured', 'created']);
  assert.deepEqual(landings(python, 'error', 'force-stop'), ['configured', 'created']);
});

test('python: created turns into configured when both prerequisites are met, and back when one is lost', () => {
  assert.equal(settle(python, 'created', []), 'configured');
  assert.equal(settle(python, 'created', ['contacts']), 'created');
  assert.equal(settle(python, 'created', ['strategy']), 'created');
  assert.equal(settle(python, 'configured', ['contacts']), 'created');
  assert.equal(settle(python, 'configured', ['strategy']), 'created');
  assert.equal(settle(python, 'configured', []), 'configured');
});

test('a processing status stays when a prerequisite is lost', () => {
  assert.equal(settle(python, 'running', ['contacts', 'strategy']), 'running');
  assert.equal(settle(python, 'error', ['contacts']), 'error');
  assert.equal(settle(flows, 'active', ['active-flow']), 'active');
  assert.equal(settle(flows, 'inactive', []), 'inactive');
});

test('only processing statuses can fail', () => {
  const failing = (lifecycle: Lifecycle): string[] =>
    Object.keys(lifecycle.statuses).filter((status) => lifecycle.statuses[status]!.fault !== undefined);
  assert.deepEqual(failing(flows), ['active']);
  assert.deepEqual(failing(python), ['running']);
});

test('only force stop requires a confirmation', () => {
  const withConfirmation = [flows, python].flatMap((lifecycle: Lifecycle) =>
    Object.keys(lifecycle.actions).filter((action) => Object.keys(lifecycle.actions[action]!.confirm).length),
  );
  assert.deepEqual(withConfirmation, ['force-stop']);
});

test('amber and orange are never the only difference', () => {
  assert.notEqual(lookOf(flows, 'inactive').icon, lookOf(python, 'configured').icon);
  assert.notEqual(lookOf(flows, 'active').icon, lookOf(python, 'running').icon);
  assert.notEqual(lookOf(flows, 'error').icon, lookOf(python, 'error').icon);
});

test('flows recover in four steps: read, channel, agents, start', () => {
  const steps = recoverySteps(flows, 'error');
  assert.deepEqual(
    steps.map(({ id, done, offer }) => ({ id, done: { ...done }, offer: { ...offer } })),
    [
      { id: 'read', done: {}, offer: {} },
      { id: 'channel', done: { dependency: 'channel' }, offer: { link: 'channels' } },
      { id: 'agents', done: { dependency: 'agent' }, offer: { link: 'agents' } },
      { id: 'start', done: { status: ['active'] }, offer: { action: 'start' } },
    ],
  );
});

test('python recovers in four steps: read, force stop, fix with the log open, start', () => {
  const steps = recoverySteps(python, 'error');
  assert.deepEqual(
    steps.map(({ id, offer }) => ({ id, offer: { ...offer } })),
    [
      { id: 'read', offer: {} },
      { id: 'force-stop', offer: { action: 'force-stop' } },
      { id: 'fix', offer: { log: true } },
      { id: 'start', offer: { action: 'start' } },
    ],
  );
  assert.deepEqual({ ...steps[3]!.done }, { status: ['running'] });
});

test('no other status needs recovery', () => {
  for (const lifecycle of [flows, python] as readonly Lifecycle[])
    for (const status of Object.keys(lifecycle.statuses))
      assert.equal(recoverySteps(lifecycle, status).length > 0, status === 'error');
});

test('a start may lead to error at once; a stop or a force stop leads to a status that cannot fail', () => {
  assert.deepEqual(movesAfter(flows, 'inactive', 'start'), ['error']);
  assert.deepEqual(movesAfter(flows, 'error', 'start'), ['error']);
  assert.deepEqual(movesAfter(flows, 'active', 'stop'), []);
  assert.deepEqual(movesAfter(python, 'configured', 'start'), ['error']);
  assert.deepEqual(movesAfter(python, 'running', 'stop'), []);
  assert.deepEqual(movesAfter(python, 'error', 'force-stop'), []);
});

test('the kit’s own lifecycles pass the check that a host’s own pass', () => {
  for (const lifecycle of [flows, python] as readonly Lifecycle[]) {
    const { statusOrder: order, statuses, ...rest } = lifecycle;
    const offers = Object.entries(statuses).map(([word, { action: _first, ...status }]) => [word, status] as const);
    const def = { ...rest, order, statuses: Object.fromEntries(offers) };
    assert.deepEqual(defineLifecycle(def), lifecycle);
  }
});
