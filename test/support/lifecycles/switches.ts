import { defineLifecycle } from '../../../src/lifecycle/index.ts';

/** The smallest possible lifecycle: on or off. */
export const switches = defineLifecycle({
  system: 'switches',
  label: 'Switches',
  initial: 'off',
  statuses: {
    off: { label: 'Off', tone: 'gray', icon: 'dashed-ring', meaning: 'Nobody sees the feature.', action: 'turn-on' },
    on: { label: 'On', tone: 'green', icon: 'check', meaning: 'Everybody sees the feature.', action: 'turn-off' },
  },
  actions: {
    'turn-on': { label: 'Turn on', pending: 'Turning on', from: { off: 'on' } },
    'turn-off': { label: 'Turn off', pending: 'Turning off', from: { on: 'off' } },
  },
});
