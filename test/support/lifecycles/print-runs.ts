import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/** Statuses named by number codes. JavaScript would list "1" first, but users read them in the order of the work. */
export const printRuns = defineLifecycle({
  system: 'print-runs',
  label: 'Print runs',
  initial: '2',
  order: ['2', '10', '1', '99'],
  statuses: {
    '1': { label: 'Printed', tone: 'green', icon: 'check', meaning: 'All sheets are printed.' },
    '2': {
      label: 'Waiting',
      tone: 'amber',
      icon: 'clock',
      meaning: 'The plates are not mounted yet.',
      action: 'print',
    },
    '10': {
      label: 'Printing',
      tone: 'blue',
      icon: 'play',
      meaning: 'Sheets leave the press.',
      action: 'stop',
      moves: ['1'],
      fault: '99',
    },
    '99': { label: 'Jammed', tone: 'red', icon: 'octagon-bang', meaning: 'A sheet is stuck.', action: 'print' },
  },
  actions: {
    print: { label: 'Print', pending: 'Starting', from: { '2': '10', '99': '10' } },
    stop: { label: 'Stop', pending: 'Stopping', from: { '10': '2' } },
  },
});
