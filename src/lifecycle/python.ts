import type { LifecycleDef } from './types.ts';
import { writeOut } from './write-out.ts';

/** The definition of {@link python}, with its literal types: a translation's keys are derived from it. */
export const pythonDefinition = {
  system: 'python',
  label: 'Python',
  initial: 'created',
  log: true,
  statuses: {
    created: {
      label: 'Created',
      tone: 'gray',
      icon: 'dashed-ring',
      meaning: 'Not ready to run: contacts, a Data Load strategy or both have yet to arrive.',
      next: 'Add stages, then upload a Data Load strategy and the contacts.',
      action: 'start',
      needs: ['contacts', 'strategy'],
      ready: 'configured',
    },
    configured: {
      label: 'Configured',
      tone: 'orange',
      icon: 'diamond',
      meaning: 'Contacts and strategy are in place; everything is ready to run.',
      next: 'Press Start to begin with the contacts.',
      action: 'start',
    },
    running: {
      label: 'Running',
      tone: 'green',
      icon: 'play',
      meaning: 'Contacts are being worked through, and messages leave in their planned time windows.',
      next: 'Follow progress on the Contacts tab; press Stop to pause.',
      action: 'stop',
      fault: 'error',
    },
    error: {
      label: 'Error',
      tone: 'red',
      icon: 'octagon-cross',
      meaning: 'A problem keeps this campaign from going on.',
      next: 'Read the message, Force stop, fix the cause, then press Start.',
      action: 'force-stop',
    },
  },
  actions: {
    start: { label: 'Start', pending: 'Starting', from: { configured: 'running' } },
    stop: { label: 'Stop', pending: 'Stopping', from: { running: 'configured' } },
    'force-stop': {
      label: 'Force stop',
      pending: 'Force-stopping',
      confirm: {
        title: 'Force stop {name}?',
        text: 'Whatever the engine is doing for this campaign ends at once, even halfway through a contact.',
        label: 'Force stop',
      },
      from: { error: 'configured' },
    },
  },
  prerequisites: {
    contacts: { label: 'contacts', missing: 'Upload contacts.', link: 'contacts' },
    strategy: { label: 'a Data Load strategy', missing: 'Upload a Data Load strategy.', link: 'strategy' },
  },
  recovery: {
    error: [
      { id: 'read', text: 'Read the error: it names the cause.' },
      {
        id: 'force-stop',
        text: 'Force stop, so that nothing runs any more.',
        done: { status: ['configured', 'created', 'running'] },
        offer: { action: 'force-stop' },
      },
      {
        id: 'fix',
        text: 'Fix the cause, with the engine log open: it holds the strategy output and exceptions.',
        offer: { log: true },
      },
      { id: 'start', text: 'Start the campaign again.', done: { status: ['running'] }, offer: { action: 'start' } },
    ],
  },
} as const satisfies LifecycleDef;

/** Python (legacy) campaigns: Created, Configured, Running, Error. There is no restart: it is Stop, then Start. */
export const python = writeOut(pythonDefinition);
