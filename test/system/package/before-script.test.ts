import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { build } from 'vite';
import { root } from './built.ts';

it('before-script.css keeps its colours in a page whose bundler rewrites CSS for older browsers', async () => {
  const input = join(root, 'dist/before-script.css');
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, cssTarget: 'chrome111', rolldownOptions: { input } },
  });
  assert.ok('output' in built);
  const sheet = built.output.find(({ fileName }) => fileName.endsWith('.css'));
  assert.ok(sheet && 'source' in sheet);
  assert.match(String(sheet.source), /light-dark\(/);
  assert.doesNotMatch(String(sheet.source), /lightningcss/);
});
