import { readdirSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

// The library: a file for each of ours, so that a page loads only what it imports, and nothing of others inside.
const entries = ['src', 'mocks', 'bin'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [`${folder === 'src' ? '' : `${folder}/`}${path.replace(/\.ts$/, '')}`, `${folder}/${path}`]),
);
/** Takes comments and blanks out of style sheets, which hosts' minifiers leave as they are. Lines stay where they were. */
const compactStyles: Plugin = {
  name: 'compact-styles',
  enforce: 'pre',
  transform: (code, id) => ({
    code: id.endsWith('.ts') ? code.replace(/\bcss`[^`]*`/g, compact) : code,
    map: null,
  }),
};

function compact(styles: string): string {
  const lines = styles.match(/\n/g) ?? [];
  const text = styles.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
  return (
    text.replace(
      /\$\{.*?\}| ?([{};,]) ?|:( )/g,
      (whole, mark?: string, blank?: string) => mark ?? (blank ? ':' : whole),
    ) + lines.join('')
  );
}

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
