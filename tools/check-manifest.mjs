// Fails when custom-elements.json is not what the code says now, or not what the format asks.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Ajv } from 'ajv';
import { bin, root } from './tally.mjs';

const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
const config = ['--config', 'custom-elements-manifest.config.mjs', '--outdir', relative(root, folder)];
execFileSync(process.execPath, [bin('@custom-elements-manifest/analyzer', 'cem'), 'analyze', '--quiet', ...config], {
  cwd: root,
});
const fresh = readFileSync(join(folder, 'custom-elements.json'), 'utf8').split('\n');
const saved = readFileSync(join(root, 'custom-elements.json'), 'utf8').split('\n');
rmSync(folder, { recursive: true });

const at = fresh.findIndex((line, i) => line !== saved[i]);
if (at >= 0 || fresh.length !== saved.length) {
  const short = (/** @type {string | undefined} */ line) => (line ?? '').trim().slice(0, 80);
  console.error(`custom-elements.json is stale from line ${at + 1}. It says: ${short(saved[at])}`);
  console.error(`The code says: ${short(fresh[at])}`);
  console.error('Run `npm run analyze` and keep the result.');
  process.exitCode = 1;
}

const schema = JSON.parse(readFileSync(new URL(import.meta.resolve('custom-elements-manifest/schema.json')), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: false }); // the schema is not written in Ajv's strict style
if (!ajv.validate(schema, JSON.parse(saved.join('\n')))) {
  console.error('custom-elements.json is no valid custom elements manifest:');
  console.error(ajv.errorsText(ajv.errors, { dataVar: '', separator: '\n' }));
  process.exitCode = 1;
}
