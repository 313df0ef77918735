import { create, type ThemeVars } from 'storybook/theming';

const palettes = {
  light: {
    app: '#f5f6f8',
    content: '#ffffff',
    bar: '#ffffff',
    border: '#e2e5ea',
    text: '#22262e',
    muted: '#5c6470',
    accent: '#1d4ed8',
  },
  dark: {
    app: '#0f1115',
    content: '#171a20',
    bar: '#14171c',
    border: '#2a2e37',
    text: '#e4e6eb',
    muted: '#9aa1ad',
    accent: '#8ab4ff',
  },
} as const;

/** The look of Storybook itself: muted colours around the stories, so that the statuses stand out. */
export function storybookTheme(base: keyof typeof palettes): ThemeVars {
  const palette = palettes[base];
  return create({
    base,
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
  });
}
