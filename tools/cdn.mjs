// Builds dist/cdn/: the kit for pages without a bundler, with all packages inside and the hash of each file.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build, defaultClientConditions } from 'vite';
import { compactStyles } from './compact-styles.mjs';

const folder = 'dist/cdn';
const { name, version, license } = JSON.parse(readFileSync('package.json', 'utf8'));

export async function buildCdn() {
  await bundle({ [name]: `src/cdn/${name}.ts` });
  await bundle({ rxjs: 'src/cdn/rxjs.ts' });
  await bundle({ loader: 'src/cdn/loader.ts' }, { FILES: JSON.stringify(await buildElements()) });
  writeFileSync(`${folder}/integrity.json`, `${JSON.stringify(hashes(), null, 2)}\n`);
}

/** A chunk for each element, and for what several of them share. @returns {Promise<Record<string, string[]>>} see src/cdn/loader.ts */
async function buildElements() {
  const elements = readdirSync('src/elements').filter((name) => name.includes('-'));
  const chunks = await bundle(
    {
      ...Object.fromEntries(elements.map((name) => [name, `src/elements/${name}/define.ts`])),
      'campaign-provider': 'src/provider/define.ts',
    },
    {},
    'chunks/[name]-[hash].js',
  );
  const imports = new Map(chunks.map((chunk) => [chunk.fileName, chunk.imports]));
  return Object.fromEntries(
    chunks
      .filter(({ isEntry }) => isEntry)
      .map(({ name, fileName }) => {
        const files = new Set([fileName]);
        for (const file of files) for (const imported of imports.get(file) ?? []) files.add(imported);
        return [name, [...files]];
      }),
  );
}

/**
 * @param {Record<string, string>} entry
 * @param {Record<string, string>} [define]
 * @param {string} [fileNames] without it, each entry is one file
 */
async function bundle(entry, define = {}, fileNames) {
  const results = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [compactStyles],
    define,
    // RxJS is smaller as ES2015.
    resolve: { conditions: ['es2015', ...defaultClientConditions] },
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: 'es2022',
      // The module that holds everything.
      license: Object.hasOwn(entry, name) && { fileName: 'licenses.md' },
      lib: { formats: ['es'], entry },
      rolldownOptions: {
        output: {
          minify: true,
          postBanner: `/*! ${name} ${version}, ${license}. The licenses of the packages inside are in licenses.md. */`,
          entryFileNames: fileNames ?? '[name].js',
          chunkFileNames: fileNames ?? '',
          ...(fileNames ? {} : { codeSplitting: false }),
        },
      },
    },
  });
  const [{ output }] = /** @type {[{ output: import('vite').Rolldown.OutputChunk[] }]} */ (results);
  return output.filter(({ type }) => type === 'chunk');
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
