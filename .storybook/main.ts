import type { StorybookConfig } from '@storybook/web-components-vite';

const config: StorybookConfig = {
  stories: ['../stories/**/*.stories.ts', '../stories/{developers,elements,foundations}/*.mdx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  framework: {
    name: '@storybook/web-components-vite',
    // Its own, for the one at the top builds the library.
    options: { builder: { viteConfigPath: '.storybook/vite.config.ts' } },
  },
  // Holds the mock worker's script.
  staticDirs: ['../public'],
  // Axe and the docs are large. Theirs is the page of a designer, not of a host.
  viteFinal: (config) => ({ ...config, build: { ...config.build, chunkSizeWarningLimit: 5_000 } }),
  features: { sidebarOnboardingChecklist: false, changeDetection: false },
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
};

export default config;
