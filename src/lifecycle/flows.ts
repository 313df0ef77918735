import type { LifecycleDef } from './types.ts';
import { writeOut } from './write-out.ts';

/** The definition of {@link flows}, with its literal types: a translation's keys are derived from it. */
export const flowsDefinition = {
  system: 'flows',
  label: 'Flows',
  initial: 'inactive',
  statuses: {
    inactive: {
      label: 'Inactive',
      tone: 'amber',
      icon: 'square',
      meaning: 'No event is processed; flows and data are open for editing.',
      next: 'Build a flow, activate it, then press Start.',
      action: 'start',
      needs: ['active-flow'],
      editable: true,
    },
    active: {
      label: 'Active',
      tone: 'green',
      icon: 'play-ring',
      meaning: 'Triggers fire and messages are being scheduled; the flow in use is locked for editing.',
      next: 'Keep an eye on Participants and Analytics; press Stop to edit again.',
      action: 'stop',
      fault: 'error',
      editable: false,
    },
    error: {
      label: 'Error',
      tone: 'red',
      icon: 'octagon-bang',
      meaning: 'A problem keeps this campaign from going on.',
      next: 'Fix what the message names, then press Start.',
      action: 'start',
      editable: false,
    },
  },
  actions: {
    start: { label: 'Start', pending: 'Starting', from: { inactive: 'active', error: 'active' } },
    stop: { label: 'Stop', pending: 'Stopping', from: { active: 'inactive' } },
  },
  prerequisites: {
    'active-flow': { label: 'an active flow', missing: 'Activate at least one flow first.', link: 'flows' },
  },
  recovery: {
    error: [
      { id: 'read', text: 'Read the error: it names the cause.' },
      {
        id: 'channel',
        text: 'Check that the channel this campaign sends through is running.',
        done: { dependency: 'channel' },
        offer: { link: 'channels' },
      },
      {
        id: 'agents',
        text: 'Check that every agent its flow uses is running, and none is in error.',
        done: { dependency: 'agent' },
        offer: { link: 'agents' },
      },
      { id: 'start', text: 'Start the campaign again.', done: { status: ['active'] }, offer: { action: 'start' } },
    ],
  },
} as const satisfies LifecycleDef;

/** Flows campaigns: Inactive, Active, Error. There is no pause; Stop makes the flows editable again. */
export const flows = writeOut(flowsDefinition);
