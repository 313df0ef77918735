/** Which actions a status offers, and why not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  flows,
  landing,
  movesAfter,
  landings,
  legalActions,
  lookOf,
  obstacle,
  python,
  recoverySteps,
  settle,
  statusDef,
  statusView,
} from '../../../src/lifecycle/index.ts';

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
        assert.equal(settle(lifecycle, name, []), name);
        assert.deepEqual(obstacle(lifecycle, name, 'start'), { code: 'unknown-status' });
      });

  for (const name of names)
    test(`"${name.slice(0, 20)}" is an action without a target`, () => {
      assert.equal(landing(flows, 'active', name), undefined);
      assert.deepEqual(landings(flows, 'active', name), []);
      assert.deepEqual(obstacle(flows, 'active', name), { code: 'illegal' });
    });

  test('without a lifecycle, every status is unknown', () => {
    assert.equal(statusView(undefined, 'active').known, false);
    assert.deepEqual(statusView(undefined, 'active').action?.disabled, { code: 'unknown-status' });
    assert.deepEqual(recoverySteps(undefined, 'error'), []);
  });
});
