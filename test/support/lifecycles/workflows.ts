import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/**
 * Workflows of a durable-execution engine: the engine ends them by itself in five ways, and two actions are offered
 * while one runs. Cancel is a request; the workflow may complete or fail before it takes effect.
 */
export const workflows = defineLifecycle({
  system: 'workflows',
  label: 'Workflows',
  initial: 'running',
  statuses: {
    running: {
      label: 'Running',
      tone: 'blue',
      icon: 'play',
      meaning: 'The workflow executes its steps.',
      next: 'Cancel to let it clean up, or Terminate to end it at once.',
      actions: ['cancel', 'terminate', 'pause'],
      moves: ['completed', 'failed', 'timed-out', 'continued-as-new'],
    },
    paused: {
      label: 'Paused',
      tone: 'amber',
      icon: 'square',
      meaning: 'No new step begins.',
      next: 'Press Resume to go on.',
      actions: ['resume', 'terminate'],
      moves: ['timed-out'],
    },
    completed: {
      label: 'Completed',
      tone: 'green',
      icon: 'check',
      meaning: 'The workflow returned its result.',
      actions: ['reset'],
    },
    failed: {
      label: 'Failed',
      tone: 'red',
      icon: 'octagon-bang',
      meaning: 'A step failed and was not tried again.',
      next: 'Read the message, then press Reset to run again from an earlier event.',
      actions: ['reset'],
    },
    cancelled: {
      label: 'Cancelled',
      tone: 'gray',
      icon: 'cross',
      meaning: 'The workflow cleaned up and ended on request.',
      actions: ['reset'],
    },
    terminated: {
      label: 'Terminated',
      tone: 'orange',
      icon: { path: 'M1.5 6.25h13v3.5h-13Z' },
      meaning: 'The engine ended the workflow without cleaning up.',
      actions: ['reset'],
    },
    'timed-out': {
      label: 'Timed out',
      tone: 'red',
      icon: 'clock',
      meaning: 'The workflow took longer than it may.',
      next: 'Raise its time limit, then press Reset.',
      actions: ['reset'],
    },
    'continued-as-new': {
      label: 'Continued as new',
      tone: 'gray',
      icon: { path: 'M1 3.2 2.8 1.4 9.4 8 2.8 14.6 1 12.8 5.8 8ZM7.4 3.2 9.2 1.4 15.8 8 9.2 14.6 7.4 12.8 12.2 8Z' },
      meaning: 'A new run took over with a fresh history.',
    },
  },
  actions: {
    cancel: { label: 'Cancel', pending: 'Cancelling', from: { running: ['cancelled', 'completed', 'failed'] } },
    terminate: {
      label: 'Terminate',
      pending: 'Terminating',
      from: { running: 'terminated', paused: 'terminated' },
      // A paused workflow has no running work that could be lost.
      confirm: {
        running: {
          title: 'Terminate {name}?',
          text: 'Its steps end at once and nothing is cleaned up.',
          label: 'Terminate',
        },
      },
      input: { label: 'Reason', maxLength: 200 },
    },
    pause: { label: 'Pause', pending: 'Pausing', from: { running: 'paused' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { paused: 'running' } },
    reset: {
      label: 'Reset',
      pending: 'Resetting',
      from: {
        completed: 'running',
        failed: 'running',
        cancelled: 'running',
        terminated: 'running',
        'timed-out': 'running',
      },
      input: { label: 'Run again from', required: true, options: ['First event', 'Last step'] },
    },
  },
});
