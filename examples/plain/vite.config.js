import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses, so that the built page works below any path; nothing inline, so that it works with its strict policy.
  base: './',
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    outDir: '../../.cache/plain',
    emptyOutDir: true,
  },
});
