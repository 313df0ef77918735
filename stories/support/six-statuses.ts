import { defineLifecycle } from '../../src/index.ts';

/** A lifecycle that the kit does not bring along, as a host would add it: six statuses, two of which offer no action. */
export const mailings = defineLifecycle({
  system: 'mailings',
  label: 'Mailings',
  initial: 'draft',
  statuses: {
    draft: {
      label: 'Draft',
      tone: 'gray',
      icon: 'dashed-ring',
      meaning: 'Still being written; nothing is sent.',
      next: 'Choose an audience, then press Schedule.',
      action: 'schedule',
      needs: ['audience'],
      editable: true,
    },
    scheduled: {
      label: 'Scheduled',
      tone: 'blue',
      icon: 'clock',
      meaning: 'Waits for its time, and begins by itself.',
      next: 'Press Cancel if it should not go out.',
      action: 'cancel',
      editable: false,
    },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Messages are leaving now.',
      next: 'Press Pause to hold the rest back.',
      action: 'pause',
      fault: 'paused',
      editable: false,
    },
    paused: {
      label: 'Paused',
      tone: 'amber',
      icon: 'square',
      meaning: 'Held back; what was sent stays sent.',
      next: 'Press Resume to send the rest.',
      action: 'resume',
      editable: true,
    },
    finished: {
      label: 'Finished',
      tone: 'green',
      icon: 'check',
      meaning: 'Everyone it was meant for has it.',
      editable: false,
    },
    cancelled: {
      label: 'Cancelled',
      tone: 'gray',
      icon: 'cross',
      meaning: 'Called off; it will not be sent.',
      editable: false,
    },
  },
  actions: {
    schedule: { label: 'Schedule', pending: 'Scheduling', from: { draft: 'scheduled' } },
    cancel: { label: 'Cancel', pending: 'Cancelling', from: { scheduled: 'cancelled', paused: 'cancelled' } },
    begin: { label: 'Send now', pending: 'Sending', from: { scheduled: 'running' } },
    pause: { label: 'Pause', pending: 'Pausing', from: { running: 'paused' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { paused: 'running' } },
    finish: { label: 'Finish', pending: 'Finishing', from: { running: 'finished' } },
  },
  prerequisites: {
    audience: { label: 'an audience', missing: 'Choose who it goes to.', link: 'audience' },
  },
});
