import { readdirSync } from 'node:fs';
import { defineConfig } from 'vite';

// The library: a file for each of ours, so that a page loads only what it imports, and nothing of others inside.
const source = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      formats: ['es'],
      entry: {
        ...Object.fromEntries(source.map((path) => [path.replace(/\.ts$/, '').replaceAll('\\', '/'), `src/${path}`])),
        'mocks/index': 'mocks/index.ts',
        'mocks/handlers': 'mocks/handlers.ts',
      },
    },
    rolldownOptions: {
      // All packages stay outside, but for the compiler's helper for decorators, which would be a dependency of its own.
      external: /^(?!@oxc-project\/)[^./\0]/,
      output: { chunkFileNames: 'elements/shared/[name].js' },
    },
  },
});
