import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/** A third system, defined by a host. No element may know its statuses or actions. */
export const mailings = defineLifecycle({
  system: 'mailings',
  label: 'Mailings',
  initial: 'draft',
  log: true,
  statuses: {
    draft: {
      label: 'Draft',
      tone: 'gray',
      icon: 'dashed-ring',
      meaning: 'Being written.',
      action: 'schedule',
      needs: ['content'],
      editable: true,
    },
    scheduled: { label: 'Scheduled', tone: 'blue', icon: 'clock', meaning: 'Waits for its hour.', action: 'launch' },
    running: { label: 'Running', tone: 'green', icon: 'play', meaning: 'Goes out.', action: 'pause', fault: 'paused' },
    paused: { label: 'Paused', tone: 'red', icon: 'diamond', meaning: 'Held up.', action: 'resume' },
    finished: { label: 'Finished', tone: 'gray', icon: 'check', meaning: 'All is sent.', editable: false },
    cancelled: { label: 'Cancelled', tone: 'gray', icon: 'cross', meaning: 'Will not be sent.' },
  },
  actions: {
    schedule: { label: 'Schedule', pending: 'Scheduling', from: { draft: 'scheduled' } },
    launch: { label: 'Launch', pending: 'Launching', from: { scheduled: 'running' } },
    pause: { label: 'Pause', pending: 'Pausing', from: { running: 'paused' } },
    resume: { label: 'Resume', pending: 'Resuming', from: { paused: 'running' } },
    complete: { label: 'Complete', pending: 'Completing', from: { running: 'finished' } },
    cancel: { label: 'Cancel', pending: 'Cancelling', from: { scheduled: 'cancelled', paused: 'cancelled' } },
  },
  prerequisites: { content: { label: 'content', missing: 'Write something first.', link: 'editor' } },
  recovery: {
    paused: [
      { id: 'ask', text: 'Ask the postmaster.', offer: { link: 'postmaster' } },
      { id: 'relay', text: 'See that the relay runs.', done: { dependency: 'relay' } },
      { id: 'resume', text: 'Resume.', done: { status: ['running'] }, offer: { action: 'resume' } },
    ],
  },
});
