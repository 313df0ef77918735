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

describe('words from outside', () => {
  const words = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'ACTIVE', ' active', 'x'.repeat(10_240)];
  for (const lifecycle of [flows, python])
    for (const word of words)
      test(`${lifecycle.system}: "${word.slice(0, 20)}" is an unknown status`, () => {
        assert.equal(statusDef(lifecycle, word), undefined);
        assert.deepEqual(lookOf(lifecycle, word), { known: false, tone: 'neutral', icon: 'unknown' });
        assert.deepEqual(statusView(lifecycle, word), {
          status: word,
          known: false,
          tone: 'neutral',
          icon: 'unknown',
          action: { action: '', disabled: { code: 'unknown-status' } },
          actions: [{ action: '', disabled: { code: 'unknown-status' } }],
        });
        assert.deepEqual(legalActions(lifecycle, word), []);
        assert.deepEqual(recoverySteps(lifecycle, word), []);
        assert.equal(landing(lifecycle, word, 'start'), undefined);
        assert.deepEqual(landings(lifecycle, word, 'start'), []);
        assert.deepEqual(movesAfter(lifecycle, word, 'start'), []);
        assert.equal(settle(lifecycle, word, []), word);
        assert.deepEqual(obstacle(lifecycle, word, 'start'), { code: 'unknown-status' });
      });

  for (const word of words)
    test(`"${word.slice(0, 20)}" is an action without a target`, () => {
      assert.equal(landing(flows, 'active', word), undefined);
      assert.deepEqual(landings(flows, 'active', word), []);
      assert.deepEqual(obstacle(flows, 'active', word), { code: 'illegal' });
    });

  test('without a lifecycle, every word is unknown', () => {
    assert.equal(statusView(undefined, 'active').known, false);
    assert.deepEqual(statusView(undefined, 'active').action?.disabled, { code: 'unknown-status' });
    assert.deepEqual(recoverySteps(undefined, 'error'), []);
  });
});
