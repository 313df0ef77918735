// Builds dist/: the modules with Vite, those for pages without a bundler, the declarations with TypeScript, the tokens for design
// tools, the style sheet for elements without their script.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { build } from 'vite';
import { buildCdn } from './cdn.mjs';
import { designFiles } from './token-source.mjs';

rmSync('dist', { recursive: true, force: true });
await build({ logLevel: 'warn' });
await buildCdn();
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);

// TypeScript leaves the `.ts` of our imports as it is in declarations.
for (const path of readdirSync('dist/types', { recursive: true, encoding: 'utf8' })) {
  if (!path.endsWith('.d.ts')) continue;
  const file = join('dist/types', path);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'));
}

mkdirSync('dist/tokens');
for (const [name, group] of await designFiles())
  writeFileSync(`dist/tokens/${name}.json`, `${JSON.stringify(group, null, 2)}\n`);

const { beforeScript } = await tsImport('./before-script.ts', import.meta.url);
writeFileSync('dist/before-script.css', beforeScript);
