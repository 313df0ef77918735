import { defineLifecycle } from '../../src/index.ts';

/** A lifecycle in which a campaign that is working for ten minutes without news is stuck. */
export const slowExports = defineLifecycle({
  system: 'exports',
  label: 'Exports',
  initial: 'waiting',
  statuses: {
    waiting: { label: 'Waiting', tone: 'gray', icon: 'clock', meaning: 'Its turn has not come.', action: 'start' },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Contacts are being written to a file.',
      next: 'Press Stop if it takes too long.',
      action: 'stop',
      moves: ['done'],
      stuckAfterMs: 600_000,
    },
    done: { label: 'Done', tone: 'blue', icon: 'check', meaning: 'The file is complete.' },
  },
  actions: {
    start: { label: 'Start', pending: 'Starting', from: { waiting: 'running' } },
    stop: { label: 'Stop', pending: 'Stopping', from: { running: 'waiting' } },
  },
});
