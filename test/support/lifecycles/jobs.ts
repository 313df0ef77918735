import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/** Long-running jobs: Restart leads from running to running. */
export const jobs = defineLifecycle({
  system: 'jobs',
  label: 'Jobs',
  initial: 'stopped',
  statuses: {
    stopped: { label: 'Stopped', tone: 'gray', icon: 'square', meaning: 'It does nothing.', action: 'start' },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'It works through its queue.',
      actions: ['stop', 'restart'],
      fault: 'crashed',
    },
    crashed: {
      label: 'Crashed',
      tone: 'red',
      icon: 'octagon-bang',
      meaning: 'Its process ended by an error.',
      next: 'Read the message, then press Restart.',
      actions: ['restart', 'stop'],
    },
  },
  actions: {
    start: { label: 'Start', pending: 'Starting', from: { stopped: 'running' } },
    stop: { label: 'Stop', pending: 'Stopping', from: { running: 'stopped', crashed: 'stopped' } },
    restart: { label: 'Restart', pending: 'Restarting', from: { running: 'running', crashed: 'running' } },
  },
  recovery: {
    crashed: [
      { id: 'read', text: 'Read the error: it names the item at which the job crashed.' },
      { id: 'restart', text: 'Restart the job.', done: { status: ['running'] }, offer: { action: 'restart' } },
    ],
  },
});
