/** Which actions a status offers, and why not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  confirmationOf,
  defineLifecycle,
  flows,
  inputProblem,
  landing,
  movesAfter,
  movesFrom,
  landings,
  legalActions,
  lookOf,
  obstacle,
  python,
  recoveryAction,
  recoverySteps,
  settle,
  startsProcessing,
  statusDef,
  statusView,
  statusWords,
  stuckLimits,
  type Lifecycle,
} from '../../../src/lifecycle/index.ts';
import { switches } from '../../support/lifecycles/index.ts';

/** Exports that wait for a file, then run by themselves, and may fail or take too long. They have no recovery steps. */
const exports = defineLifecycle({
  system: 'exports',
  label: 'Exports',
  initial: 'waiting',
  statuses: {
    waiting: {
      ...{ label: 'Waiting', tone: 'gray', icon: 'square', meaning: 'Waits for a file.' },
      ...{ actions: ['cancel', 'hurry'], needs: ['file'], ready: 'running' },
    },
    running: {
      ...{ label: 'Running', tone: 'green', icon: 'play', meaning: 'Writes rows.' },
      ...{ actions: ['hurry', 'cancel'], fault: 'failed', stuckAfterMs: 60_000 },
    },
    failed: { label: 'Failed', tone: 'red', icon: 'cross', meaning: 'Ended early.', action: 'cancel' },
    cancelled: { label: 'Cancelled', tone: 'blue', icon: 'check', meaning: 'Ended.' },
  },
  actions: {
    cancel: {
      ...{ label: 'Cancel', pending: 'Cancelling', input: { label: 'Reason', required: true } },
      from: { waiting: 'cancelled', running: 'cancelled', failed: 'cancelled' },
    },
    hurry: {
      ...{ label: 'Hurry', pending: 'Hurrying', input: { label: 'How', options: ['soon', 'now'], maxLength: 4 } },
      from: { running: 'running' },
    },
  },
  prerequisites: { file: { label: 'a file', missing: 'Upload a file.' } },
}) as Lifecycle;

/** Pipelines that a user resumes, in their recovery too, and not boots again. */
const pipelines = defineLifecycle({
  system: 'pipelines',
  label: 'Pipelines',
  initial: 'off',
  statuses: {
    off: { label: 'Off', tone: 'gray', icon: 'square', meaning: 'Does nothing.', action: 'boot' },
    on: { label: 'On', tone: 'green', icon: 'play', meaning: 'Works.', action: 'halt', fault: 'broken' },
    paused: { label: 'Paused', tone: 'amber', icon: 'clock', meaning: 'Waits.', action: 'resume' },
    broken: { label: 'Broken', tone: 'red', icon: 'cross', meaning: 'Can’t go on.', action: 'halt' },
  },
  actions: {
    boot: { label: 'Boot', pending: 'Booting', from: { off: 'on' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { broken: 'paused', paused: 'on' } },
    halt: { label: 'Halt', pending: 'Halting', from: { on: 'paused', broken: 'off' } },
  },
  recovery: {
    broken: [
      { id: 'resume', text: 'Resume it.', offer: { action: 'resume' } },
      { id: 'watch', text: 'Watch it.', offer: { link: 'status' } },
    ],
  },
}) as Lifecycle;

describe('prerequisites', () => {
  test('flows: start is disabled until a flow is active, with that reason', () => {
    assert.deepEqual(statusView(flows, 'inactive', { missing: ['active-flow'] }).action, {
      action: 'start',
      disabled: { code: 'missing', what: ['active-flow'] },
    });
    assert.deepEqual(statusView(flows, 'inactive', { missing: [] }).action, { action: 'start' });
  });

  test('disable nothing when the missing ones are unknown', () => {
    assert.deepEqual(statusView(flows, 'inactive').action, { action: 'start' });
  });

  test('concern only the first action of a status', () => {
    assert.deepEqual(statusView(exports, 'waiting', { missing: ['file'] }).actions, [
      { action: 'cancel', disabled: { code: 'missing', what: ['file'] } },
      { action: 'hurry', disabled: { code: 'illegal' } },
    ]);
  });

  test('do not bring back a status that processes', () => {
    assert.equal(settle(exports, 'waiting', []), 'running');
    assert.equal(settle(exports, 'running', ['file']), 'running');
  });

  test('recovery needs none', () => {
    assert.deepEqual(statusView(flows, 'error', { missing: ['active-flow'] }).action, { action: 'start' });
  });

  test('python: created lists exactly the missing ones', () => {
    for (const missing of [['contacts'], ['strategy'], ['contacts', 'strategy']])
      assert.deepEqual(statusView(python, 'created', { missing }).action, {
        action: 'start',
        disabled: { code: 'missing', what: missing },
      });
  });

  test('python: created lists all of its prerequisites when the missing ones are unknown', () => {
    assert.deepEqual(statusView(python, 'created').action?.disabled, {
      code: 'missing',
      what: ['contacts', 'strategy'],
    });
  });

  test('a word that is no prerequisite of the status disables nothing', () => {
    assert.equal(statusView(flows, 'inactive', { missing: ['contacts', 'constructor'] }).action?.disabled, undefined);
    assert.equal(statusView(python, 'configured', { missing: ['contacts'] }).action?.disabled, undefined);
  });
});

describe('denied actions', () => {
  test('keep their reason, also an empty one', () => {
    assert.deepEqual(statusView(flows, 'active', { denied: { stop: 'Read only.' } }).action?.disabled, {
      code: 'denied',
      text: 'Read only.',
    });
    assert.deepEqual(statusView(flows, 'active', { denied: { stop: '' } }).action?.disabled, {
      code: 'denied',
      text: '',
    });
  });

  test('do not disable other actions', () => {
    assert.equal(statusView(flows, 'active', { denied: { start: 'no' } }).action?.disabled, undefined);
  });

  test('do not come from an object’s inherited members', () => {
    assert.equal(obstacle(flows, 'active', 'toString', { denied: {} })?.code, 'illegal');
  });
});

describe('the input of an action', () => {
  const long = 'x'.repeat(500);
  for (const [action, input, problem] of [
    ['cancel', undefined, 'input-missing'],
    ['cancel', '  ', 'input-missing'],
    ['cancel', 'Too slow.', undefined],
    ['cancel', long, undefined],
    ['cancel', `${long}x`, 'input-too-long'],
    ['hurry', undefined, undefined],
    ['hurry', 'now', undefined],
    ['hurry', 'later', 'input-unknown'],
    ['stop', 'now', 'input-unknown'],
    ['stop', undefined, undefined],
  ] as const)
    test(`${action}: ${input === undefined ? 'none' : JSON.stringify(input.slice(-10))} is ${problem ?? 'right'}`, () => {
      assert.equal(inputProblem(exports, action, input), problem);
    });

  test('of an action without one may be blank only', () => {
    assert.equal(inputProblem(flows, 'start', ' '), undefined);
    assert.equal(inputProblem(flows, 'start', 'now'), 'input-unknown');
  });
});

test('only statuses with `stuckAfterMs` have a time after which a campaign is stuck', () => {
  assert.deepEqual([...stuckLimits(exports)], [['running', 60_000]]);
});

describe('an action starts processing', () => {
  test('if it leads to a status that may fail', () => {
    assert.equal(startsProcessing(flows, 'inactive', 'start'), true);
    assert.equal(startsProcessing(flows, 'active', 'stop'), false);
    assert.equal(startsProcessing(flows, 'active', 'start'), false);
    assert.equal(startsProcessing(undefined, 'inactive', 'start'), false);
  });

  test('again: one that is legal now, else the last that the recovery offers, else any that does so later', () => {
    assert.equal(recoveryAction(flows, 'error'), 'start');
    assert.equal(recoveryAction(python, 'error'), 'start');
    assert.equal(recoveryAction(pipelines, 'paused'), 'resume');
    assert.equal(recoveryAction(pipelines, 'broken'), 'resume');
    assert.equal(recoveryAction(exports, 'failed'), 'hurry');
    assert.equal(recoveryAction(switches as Lifecycle, 'on'), undefined);
    assert.equal(recoveryAction(undefined, 'error'), undefined);
  });
});

describe('unknown names', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'ACTIVE', ' active', 'x'.repeat(10_240)];
  for (const lifecycle of [flows, python])
    for (const name of names)
      test(`${lifecycle.system}: "${name.slice(0, 20)}" is an unknown status`, () => {
        assert.equal(statusDef(lifecycle, name), undefined);
        assert.deepEqual(lookOf(lifecycle, name), { known: false, tone: 'neutral', icon: 'unknown' });
        assert.deepEqual(statusView(lifecycle, name), {
          status: name,
          known: false,
          tone: 'neutral',
          icon: 'unknown',
          action: { action: '', disabled: { code: 'unknown-status' } },
          actions: [{ action: '', disabled: { code: 'unknown-status' } }],
        });
        assert.deepEqual(legalActions(lifecycle, name), []);
        assert.deepEqual(recoverySteps(lifecycle, name), []);
        assert.equal(landing(lifecycle, name, 'start'), undefined);
        assert.deepEqual(landings(lifecycle, name, 'start'), []);
        assert.deepEqual(movesAfter(lifecycle, name, 'start'), []);
        assert.deepEqual(movesFrom(lifecycle, name), []);
        assert.equal(settle(lifecycle, name, []), name);
        assert.deepEqual(obstacle(lifecycle, name, 'start'), { code: 'unknown-status' });
      });

  for (const name of names)
    test(`"${name.slice(0, 20)}" is an action without a target`, () => {
      assert.equal(landing(flows, 'active', name), undefined);
      assert.deepEqual(landings(flows, 'active', name), []);
      assert.deepEqual(obstacle(flows, 'active', name), { code: 'illegal' });
      assert.equal(confirmationOf(flows, 'active', name), undefined);
    });

  test('without a lifecycle, every status is unknown', () => {
    assert.equal(statusView(undefined, 'active').known, false);
    assert.deepEqual(statusView(undefined, 'active').action?.disabled, { code: 'unknown-status' });
    assert.deepEqual(recoverySteps(undefined, 'error'), []);
    assert.deepEqual(legalActions(undefined, 'active'), []);
    assert.deepEqual(statusWords(undefined), []);
    assert.equal(confirmationOf(undefined, 'active', 'stop'), undefined);
  });

  test('a lifecycle without recovery has no steps', () => {
    assert.deepEqual(recoverySteps(switches as Lifecycle, 'on'), []);
  });
});

test('what is shown of a status is the same object each time, unless the campaign itself matters', () => {
  assert.equal(statusView(flows, 'active'), statusView(flows, 'active', { missing: [] }));
  const denied = { denied: { stop: 'Read only.' } };
  assert.notEqual(statusView(flows, 'active', denied), statusView(flows, 'active'));
  assert.notEqual(
    statusView(flows, 'unheard-of'),
    statusView(flows, 'unheard-of'),
    'what no lifecycle has is not kept',
  );
});
