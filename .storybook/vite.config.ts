import { defineConfig } from 'vite';

export default defineConfig({
  // Storybook brings a Lit too. Two on one page work, and warn.
  resolve: { dedupe: ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'] },
  build: { chunkSizeWarningLimit: 5_000 },
});
