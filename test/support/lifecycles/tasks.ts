import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/**
 * Tasks of a scheduler: thirteen statuses, most of which the scheduler moves to by itself, and more shapes than the kit
 * ships.
 */
export const tasks = defineLifecycle({
  system: 'tasks',
  label: 'Tasks',
  initial: 'none',
  statuses: {
    none: {
      label: 'No status',
      tone: 'gray',
      icon: 'dashed-ring',
      meaning: 'Its dependencies are not met yet.',
      moves: ['scheduled', 'skipped', 'upstream-failed', 'removed'],
    },
    scheduled: {
      label: 'Scheduled',
      tone: 'gray',
      icon: 'clock',
      meaning: 'The scheduler decided that it should run.',
      moves: ['queued'],
    },
    queued: {
      label: 'Queued',
      tone: 'gray',
      icon: { path: 'M2 2.5h12v2.6H2ZM2 6.7h12v2.6H2ZM2 10.9h12v2.6H2Z' },
      meaning: 'It waits for a worker.',
      moves: ['running'],
    },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'A worker runs it.',
      actions: ['mark-success', 'mark-failed'],
      moves: ['success', 'failed', 'up-for-retry', 'up-for-reschedule', 'deferred', 'restarting'],
    },
    success: {
      label: 'Success',
      tone: 'green',
      icon: 'check',
      meaning: 'It finished without errors.',
      actions: ['clear'],
    },
    restarting: {
      label: 'Restarting',
      tone: 'blue',
      icon: { path: 'M8 2V0l4.5 3.2L8 6.4V4.4a3.6 3.6 0 1 0 3.6 3.6H14A6 6 0 1 1 8 2Z' },
      meaning: 'Somebody cleared it while it ran.',
      moves: ['queued'],
    },
    failed: {
      label: 'Failed',
      tone: 'red',
      icon: 'octagon-bang',
      meaning: 'An error ended it, and no retry is left.',
      next: 'Read the log, fix the cause, then press Clear.',
      actions: ['clear', 'mark-success'],
    },
    'up-for-retry': {
      label: 'Up for retry',
      tone: 'amber',
      icon: { path: 'M8 1 14.2 7.4h-4V15H5.8V7.4h-4Z' },
      meaning: 'It failed, and is tried again.',
      moves: ['scheduled'],
    },
    'up-for-reschedule': {
      label: 'Up for reschedule',
      tone: 'blue',
      icon: { path: 'M3 1h10v2.8L9.6 8 13 12.2V15H3v-2.8L6.4 8 3 3.8Z' },
      meaning: 'A sensor waits for its next look.',
      moves: ['scheduled'],
    },
    'upstream-failed': {
      label: 'Upstream failed',
      tone: 'orange',
      icon: { path: 'M8 1 15.6 14.6H.4ZM8 6.2 4.6 12.2h6.8Z' },
      meaning: 'A task that it needs failed.',
      next: 'Fix the failed task first.',
      actions: ['clear'],
    },
    skipped: {
      label: 'Skipped',
      tone: 'gray',
      icon: { path: 'M1 3.2 2.8 1.4 9.4 8 2.8 14.6 1 12.8 5.8 8ZM7.4 3.2 9.2 1.4 15.8 8 9.2 14.6 7.4 12.8 12.2 8Z' },
      meaning: 'A branch went another way.',
      actions: ['clear'],
    },
    deferred: {
      label: 'Deferred',
      tone: 'blue',
      icon: { path: 'M3 2h3.6v12H3ZM9.4 2H13v12H9.4Z' },
      meaning: 'It gave its worker back until a trigger fires.',
      moves: ['scheduled', 'failed'],
    },
    removed: { label: 'Removed', tone: 'gray', icon: 'cross', meaning: 'The task is no longer in its graph.' },
  },
  actions: {
    clear: {
      label: 'Clear',
      pending: 'Clearing',
      from: { success: 'none', failed: 'none', 'upstream-failed': 'none', skipped: 'none' },
    },
    'mark-success': {
      label: 'Mark success',
      pending: 'Marking',
      from: { running: 'success', failed: 'success' },
    },
    'mark-failed': { label: 'Mark failed', pending: 'Marking', from: { running: 'failed' } },
  },
});
