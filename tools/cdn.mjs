// Builds dist/cdn/: the kit for pages without a bundler, with all packages inside and the hash of each file.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build, defaultClientConditions } from 'vite';
import { compactStyles } from './compact-styles.mjs';

const folder = 'dist/cdn';
const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));

export async function buildCdn() {
  await bundle({ [name]: `src/cdn/${name}.ts` }, { codeSplitting: false });
  await bundle({ rxjs: 'src/cdn/rxjs.ts' }, { codeSplitting: false });
  // As entries of their own, elements that others contain too are files that only the loader imports. A browser never fetches a file
  // again that it failed to fetch: the loader then imports that file by another address, and what others import stays good.
  const elements = readdirSync('src/elements').filter((name) => name.includes('-'));
  const definitions = elements.map((name) => [name, `src/elements/${name}/define.ts`]);
  await bundle(
    {
      loader: 'src/cdn/loader.ts',
      'campaign-provider': 'src/provider/define.ts',
      ...Object.fromEntries(definitions),
    },
    {
      entryFileNames: ({ name }) => (name === 'loader' ? '[name].js' : 'chunks/[name]-[hash].js'),
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
  );
  writeFileSync(`${folder}/integrity.json`, `${JSON.stringify(hashes(), null, 2)}\n`);
}

/** @param {Record<string, string>} entry @param {import('vite').Rolldown.OutputOptions} output */
async function bundle(entry, output) {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [compactStyles],
    // RxJS is smaller as ES2015.
    resolve: { conditions: ['es2015', ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      // Of the module that holds everything.
      license: Object.hasOwn(entry, name) && { fileName: 'licenses.md' },
      lib: { formats: ['es'], entry },
      rolldownOptions: {
        // Vite takes that plugin for a slow one.
        checks: { bundlerTimings: false },
        output: {
          minify: true,
          postBanner: `/*! ${name} ${version}, ${license}. The licenses of the packages inside are in licenses.md. */`,
          entryFileNames: '[name].js',
          ...output,
        },
      },
    },
  });
}

/** What `integrity` takes, by file. */
function hashes() {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.js'))
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file,
      `sha384-${createHash('sha384')
        .update(readFileSync(`${folder}/${file}`))
        .digest('base64')}`,
    ]),
  );
}
