/** A custom system with six statuses; two of them offer no action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { landing, legalActions, settle, statusView, transitions } from '../../../src/lifecycle/index.ts';
import { broadcasts } from '../../support/broadcasts.ts';

test('each status offers the action of its table', () => {
  const buttons = Object.fromEntries(
    Object.keys(broadcasts.statuses).map((status) => [
      status,
      statusView(broadcasts, status, { missing: [] }).action?.action,
    ]),
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

test('a status without an action shows no button, and is known', () => {
  const view = statusView(broadcasts, 'finished');
  assert.equal('action' in view, false);
  assert.equal('action' in broadcasts.statuses.finished, false);
  assert.equal(view.known, true);
  assert.deepEqual(view.actions, []);
});

test('a status offers its actions in order, the first as the button’s', () => {
  const offered = (status: string): readonly string[] =>
    statusView(broadcasts, status).actions.map(({ action }) => action);
  assert.deepEqual(offered('running'), ['pause', 'cancel']);
  assert.deepEqual(offered('paused'), ['resume', 'cancel']);
  assert.deepEqual(legalActions(broadcasts, 'scheduled'), ['cancel']);
});

test('has all its transitions', () => {
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

test('prerequisites of a status without `ready` disable the action, and change no status', () => {
  assert.deepEqual(statusView(broadcasts, 'draft', { missing: ['audience'] }).action?.disabled, {
    code: 'missing',
    what: ['audience'],
  });
  assert.equal(settle(broadcasts, 'draft', []), 'draft');
});
