/** A system of one's own, with six statuses; two of them offer no action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  landing,
  legalActions,
  offerOf,
  settle,
  statusView,
  transitions,
  type Lifecycle,
} from '../../../src/lifecycle/index.ts';
import { broadcasts } from '../support/broadcasts.ts';

test('each status offers what its table says', () => {
  const buttons = Object.fromEntries(
    Object.keys(broadcasts.statuses).map((status) => [status, offerOf(broadcasts, status, { missing: [] })?.action]),
  );
  assert.deepEqual(buttons, {
    draft: 'schedule',
    scheduled: 'cancel',
    running: 'pause',
    paused: 'resume',
    finished: undefined,
    cancelled: undefined,
  });
});

test('a status without action shows no button, and is known all the same', () => {
  const view = statusView(broadcasts, 'finished');
  assert.equal('action' in view, false);
  assert.equal(view.known, true);
  assert.deepEqual(view.also, []);
});

test('other legal actions stand beside the one of the button', () => {
  assert.deepEqual(statusView(broadcasts, 'running').also, ['cancel']);
  assert.deepEqual(statusView(broadcasts, 'paused').also, ['cancel']);
  assert.deepEqual(legalActions(broadcasts, 'scheduled'), ['cancel']);
});

test('its moves are all there', () => {
  assert.deepEqual(
    transitions(broadcasts).map(({ action, from, to }) => `${from} -${action}-> ${to}`),
    [
      'draft -schedule-> scheduled',
      'scheduled -cancel-> cancelled',
      'running -cancel-> cancelled',
      'paused -cancel-> cancelled',
      'running -pause-> paused',
      'paused -resume-> running',
    ],
  );
  assert.equal(landing(broadcasts, 'finished', 'resume'), undefined);
});

test('prerequisites without a ready status disable and never promote', () => {
  assert.deepEqual(offerOf(broadcasts, 'draft', { missing: ['audience'] })?.disabled, {
    code: 'missing',
    what: ['audience'],
  });
  assert.equal(settle(broadcasts, 'draft', []), 'draft');
});

test('it passes where any lifecycle does', () => {
  const any: readonly Lifecycle[] = [broadcasts];
  assert.equal(any[0]!.system, 'broadcasts');
});
