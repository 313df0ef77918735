// Bundles each test of a folder into one module beside it, in the sandbox of a mutation test. The name of a bundle holds a hash of the
// tests' own sources: results of an earlier run are kept by name, so a test that changed must have another one.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { testsOf } from './mutation-folders.mjs';

const tests = testsOf(process.env.MUTATION_FOLDER ?? 'src/lifecycle').flatMap((folder) =>
  readdirSync(join('test/unit', folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('test/unit', folder, path)),
);
const { metafile } = await build({
  entryPoints: tests,
  outdir: '.',
  outbase: '.', // beside its source, because tests name files by their own address
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  metafile: true,
  logLevel: 'warning',
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
});
for (const [file, { inputs }] of Object.entries(metafile.outputs)) {
  const hash = createHash('sha256');
  for (const input of Object.keys(inputs).sort()) if (/^(test|mocks)\//.test(input)) hash.update(readFileSync(input));
  renameSync(file, file.replace(/\.mjs$/, `.${hash.digest('hex').slice(0, 8)}.mjs`));
}
