/** Lifecycles of other engines that were once impossible to define. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  confirmationOf,
  defineLifecycle,
  flows,
  landing,
  landings,
  legalActions,
  movesAfter,
  movesFrom,
  statusView,
  statusWords,
  type Lifecycle,
} from '../../../src/lifecycle/index.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../../support/lifecycles/index.ts';

const offered = (lifecycle: Lifecycle, status: string): readonly string[] =>
  statusView(lifecycle, status).actions.map(({ action }) => action);

describe('moves that the engine makes by itself', () => {
  test('are part of the table, without actions', () => {
    assert.deepEqual(movesFrom(workflows, 'running'), ['completed', 'failed', 'timed-out', 'continued-as-new']);
    assert.deepEqual(movesFrom(printRuns, '10'), ['99', '1']);
    assert.deepEqual(movesFrom(workflows, 'completed'), []);
    assert.deepEqual(legalActions(tasks, 'queued'), []);
  });

  test('may follow an action before its landing is observed', () => {
    assert.deepEqual(movesAfter(workflows, 'failed', 'reset'), [
      'completed',
      'failed',
      'timed-out',
      'continued-as-new',
    ]);
  });
});

describe('several actions in one status', () => {
  test('are offered in order, the first as the button’s', () => {
    assert.deepEqual(offered(workflows, 'running'), ['cancel', 'terminate', 'pause']);
    assert.deepEqual(statusView(workflows, 'running').action, { action: 'cancel' });
    assert.deepEqual(offered(jobs, 'crashed'), ['restart', 'stop']);
    assert.deepEqual(offered(workflows, 'continued-as-new'), []);
  });

  test('can be denied one by one', () => {
    const { actions } = statusView(workflows, 'running', { denied: { terminate: 'Only admins may.' } });
    assert.deepEqual(actions, [
      { action: 'cancel' },
      { action: 'terminate', disabled: { code: 'denied', text: 'Only admins may.' } },
      { action: 'pause' },
    ]);
  });
});

test('an action may land in several statuses, any of which confirms it', () => {
  assert.deepEqual(landings(workflows, 'running', 'cancel'), ['cancelled', 'completed', 'failed']);
  assert.equal(landing(workflows, 'running', 'cancel'), 'cancelled');
});

test('an action may lead to its own status', () => {
  assert.deepEqual(landings(jobs, 'running', 'restart'), ['running']);
  assert.deepEqual(statusView(jobs, 'running').actions, [{ action: 'stop' }, { action: 'restart' }]);
});

test('a confirmation may be required in one status and not in another', () => {
  assert.equal(confirmationOf(workflows, 'running', 'terminate')?.title, 'Terminate {name}?');
  assert.equal(confirmationOf(workflows, 'paused', 'terminate'), undefined);
  assert.equal(confirmationOf(workflows, 'running', 'cancel'), undefined);
});

test('an action may require a text, or one of several', () => {
  assert.deepEqual({ ...workflows.actions.terminate.input }, { label: 'Reason', maxLength: 200 });
  assert.equal(workflows.actions.reset.input?.required, true);
  assert.deepEqual(workflows.actions.reset.input?.options, ['First event', 'Last step']);
});

test('more statuses than built-in icons have distinct icons', () => {
  assert.equal(statusWords(tasks).length, 13);
  const looks = statusWords(tasks).map((status) => JSON.stringify(statusView(tasks, status).icon));
  assert.equal(new Set(looks).size, 13);
});

test('statuses named by numbers keep the given order', () => {
  assert.deepEqual(Object.keys(printRuns.statuses), ['1', '2', '10', '99']);
  assert.deepEqual(statusWords(printRuns), ['2', '10', '1', '99']);
  assert.equal(landing(printRuns, '99', 'print'), '10');
});

test('two statuses and two actions are a valid lifecycle', () => {
  assert.equal(landing(switches, 'off', 'turn-on'), 'on');
  assert.equal(landing(switches, 'on', 'turn-off'), 'off');
  assert.deepEqual(statusWords(switches), ['off', 'on']);
});

test('a checked lifecycle can be extended: its parts go into a definition again', () => {
  const archived = { label: 'Archived', tone: 'gray', icon: 'check', meaning: 'Kept for reading only.' } as const;
  const extended = defineLifecycle({
    ...flows,
    statuses: { ...flows.statuses, inactive: { ...flows.statuses.inactive, moves: ['archived'] }, archived },
  });
  assert.deepEqual(statusWords(extended), ['inactive', 'active', 'error', 'archived']);
  assert.deepEqual(statusView(extended, 'inactive').actions, [{ action: 'start' }]);
});
