import { defineLifecycle } from '../../src/lifecycle/index.ts';

/**
 * A third system, unlike the two that the kit ships: six statuses, two without an action, one action legal from three.
 */
export const broadcasts = defineLifecycle({
  system: 'broadcasts',
  label: 'Broadcasts',
  initial: 'draft',
  statuses: {
    draft: {
      label: 'Draft',
      tone: 'gray',
      icon: 'dashed-ring',
      meaning: 'Not sent yet.',
      action: 'schedule',
      needs: ['audience'],
      editable: true,
    },
    scheduled: {
      label: 'Scheduled',
      tone: 'blue',
      icon: 'clock',
      meaning: 'Waits.',
      action: 'cancel',
      fault: 'running',
    },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Is sent.',
      actions: ['pause', 'cancel'],
      fault: 'finished',
    },
    paused: { label: 'Paused', tone: 'amber', icon: 'square', meaning: 'Rests.', actions: ['resume', 'cancel'] },
    finished: { label: 'Finished', tone: 'gray', icon: 'check', meaning: 'Was sent.' },
    cancelled: { label: 'Cancelled', tone: 'gray', icon: 'cross', meaning: 'Will not be sent.' },
  },
  actions: {
    schedule: { label: 'Schedule', pending: 'Scheduling', from: { draft: 'scheduled' } },
    cancel: {
      label: 'Cancel',
      pending: 'Cancelling',
      from: { scheduled: 'cancelled', running: 'cancelled', paused: 'cancelled' },
    },
    pause: { label: 'Pause', pending: 'Pausing', from: { running: 'paused' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { paused: 'running' } },
  },
  prerequisites: { audience: { label: 'an audience', missing: 'Choose an audience.' } },
});
