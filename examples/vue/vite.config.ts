import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [
    vue({
      // Elements of the kit are no components of Vue.
      template: { compilerOptions: { isCustomElement: (tag) => /^(campaign-|recovery-guide$)/.test(tag) } },
    }),
  ],
});
