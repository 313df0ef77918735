import { defineConfig } from 'vite';

export default defineConfig({
  // One Lit on the page: Storybook's own import of it would be found too late to be bundled with ours.
  resolve: { dedupe: ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'] },
  optimizeDeps: { include: ['lit', 'lit/directive-helpers.js'] },
  plugins: [
    {
      // Needed: `sideEffects` in package.json names dist/ alone, so a build would leave out src/define.ts (no element would be
      // defined) and the stories' own elements and styles.
      name: 'own-side-effects',
      transform: (code, id) => (id.includes('/node_modules/') ? null : { code, map: null, moduleSideEffects: true }),
    },
  ],
});
