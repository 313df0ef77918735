import { addons } from 'storybook/manager-api';
import { create } from 'storybook/theming';

// Welcome comes first in the list, and Lifecycle opens.
const address = new URL(location.href);
if (!address.searchParams.has('path')) {
  address.searchParams.set('path', '/story/lifecycle--flows-and-python');
  history.replaceState(null, '', address);
}

// Muted colours around the stories, so that the statuses stand out.
const dark = matchMedia('(prefers-color-scheme: dark)').matches;
const palette = dark
  ? {
      app: '#0f1115',
      content: '#171a20',
      bar: '#14171c',
      border: '#2a2e37',
      text: '#e4e6eb',
      muted: '#9aa1ad',
      accent: '#8ab4ff',
    }
  : {
      app: '#f5f6f8',
      content: '#ffffff',
      bar: '#ffffff',
      border: '#e2e5ea',
      text: '#22262e',
      muted: '#5c6470',
      accent: '#1d4ed8',
    };

addons.setConfig({
  ui: { enableShortcuts: false }, // the stories have keys of their own
  // Whole pages have no controls, and need the room.
  layoutCustomisations: {
    showPanel: ({ storyId }, shown) =>
      /^(for-developers|lifecycle|welcome|colours|bring|themes)/.test(storyId ?? '') ? false : shown,
  },
  theme: create({
    base: dark ? 'dark' : 'light',
    brandTitle: 'campaign-status-kit',
    brandTarget: '_self',
    fontBase: 'system-ui, sans-serif',
    appBg: palette.app,
    appContentBg: palette.content,
    appPreviewBg: palette.content,
    appBorderColor: palette.border,
    appBorderRadius: 6,
    barBg: palette.bar,
    barTextColor: palette.muted,
    barHoverColor: palette.accent,
    barSelectedColor: palette.accent,
    colorPrimary: palette.accent,
    colorSecondary: palette.accent,
    textColor: palette.text,
    textMutedColor: palette.muted,
  }),
});
