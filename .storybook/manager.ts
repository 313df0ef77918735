import { addons } from 'storybook/manager-api';
import { storybookTheme } from './theme.ts';

// Welcome comes first in the list, and Lifecycle opens.
const address = new URL(location.href);
if (!address.searchParams.has('path')) {
  address.searchParams.set('path', '/story/lifecycle--flows-and-python');
  history.replaceState(null, '', address);
}

addons.setConfig({
  ui: { enableShortcuts: false }, // the stories have keys of their own
  // Whole pages have no controls, and need the room.
  layoutCustomisations: {
    showPanel: ({ storyId }, shown) =>
      /^(for-developers|lifecycle|welcome|foundations|bring|themes)/.test(storyId ?? '') ? false : shown,
  },
  theme: storybookTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
});
