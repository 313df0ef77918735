import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';
import { compactStyles } from './tools/compact-styles.mjs';

// The library: a file for each of ours, so that a page loads only what it imports, and nothing of others inside. The files for
// pages without a bundler are made apart: tools/cdn.mjs.
const entries = ['src', 'mocks', 'bin'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.startsWith('cdn/'))
    .map((path) => [`${folder === 'src' ? '' : `${folder}/`}${path.replace(/\.ts$/, '')}`, `${folder}/${path}`]),
);

export default defineConfig({
  publicDir: false,
  plugins: [compactStyles],
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      formats: ['es'],
      entry: Object.fromEntries(entries) as Record<string, string>,
    },
    rolldownOptions: {
      // All packages stay outside, but for the compiler's helper for decorators, which would be a dependency of its own.
      external: /^(?!@oxc-project\/)[^./\0]/,
      output: { chunkFileNames: 'elements/shared/[name].js' },
    },
  },
});
