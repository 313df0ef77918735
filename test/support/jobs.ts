import { defineLifecycle } from '../../src/lifecycle/index.ts';

/** An engine with its own moves, two landings of one action, a self-transition and inputs. */
export const jobs = defineLifecycle({
  system: 'jobs',
  label: 'Jobs',
  initial: '10',
  order: ['10', '2', '3', '4', '5'],
  statuses: {
    '10': { label: 'Idle', tone: 'gray', icon: 'square', meaning: 'Waits.', actions: ['submit', 'check'] },
    '2': { label: 'Queued', tone: 'blue', icon: 'clock', meaning: 'Is next.', moves: ['3'] },
    '3': {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Works.',
      actions: ['restart', 'cancel'],
      moves: ['4'],
    },
    '4': { label: 'Completed', tone: 'gray', icon: 'check', meaning: 'Is over.' },
    '5': { label: 'Cancelled', tone: 'amber', icon: 'cross', meaning: 'Was ended.' },
  },
  actions: {
    submit: { label: 'Submit', pending: 'Submitting', from: { '10': '2' } },
    check: { label: 'Check', pending: 'Checking', from: { '10': ['5', '3'] } },
    restart: {
      label: 'Restart',
      pending: 'Restarting',
      from: { '3': '3' },
      input: { label: 'Mode', options: ['soft', 'hard'] },
    },
    cancel: {
      label: 'Cancel',
      pending: 'Cancelling',
      from: { '3': '5' },
      input: { label: 'Reason', required: true, maxLength: 5 },
    },
  },
});
