// Bundles each test into one script beside it, in the sandbox of a mutation test. The script's name holds a hash of the tests' own sources:
// results of an earlier run are kept by name, so a test that changed needs another one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { folderOf, folders } from './folders.mjs';

const files = (folders[folderOf(process.env.MUTATION_PATH ?? 'src/lifecycle')]?.tests ?? []).flatMap((tests) =>
  readdirSync('test/unit', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') && `${path}/`.startsWith(`${tests}/`))
    .map((path) => join('test/unit', path)),
);
const { metafile } = await build({
  entryPoints: files,
  outdir: '.',
  outbase: '.',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'iife',
  globalName: 'bundle',
  platform: 'node',
  target: 'node20',
  plugins: [
    {
      name: 'tests that can run again',
      setup({ onResolve, onLoad }) {
        const stand = join(import.meta.dirname, 'node-test.mjs');
        onResolve({ filter: /^node:test$/ }, ({ importer }) =>
          importer === stand ? { external: true } : { path: stand },
        );
        onLoad({ filter: /[.](ts|mjs)$/ }, ({ path }) => {
          if (path.includes('/node_modules/')) return undefined;
          // Modules find files by their own address, not by that of the bundle.
          const source = readFileSync(path, 'utf8').replaceAll(
            'import.meta.url',
            JSON.stringify(pathToFileURL(path).href),
          );
          const tests = path.endsWith('.test.ts') ? `\nexport { root } from ${JSON.stringify(stand)};\n` : '';
          return { contents: source + tests, loader: 'ts' };
        });
      },
    },
  ],
  metafile: true,
  logLevel: 'warning',
});
for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
  const hash = createHash('sha256');
  for (const input of Object.keys(inputs).sort()) if (/^(test|mocks)\//.test(input)) hash.update(readFileSync(input));
  renameSync(file, file.replace(/\.cjs$/, `.${hash.digest('hex').slice(0, 8)}.cjs`));
}
