/** The page "In your framework": its code is code that is compiled and run elsewhere, and its recipe for Angular runs here. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Injector, runInInjectionContext, type Signal } from '@angular/core';
import type { Live } from '../../../src/index.ts';
import { codeBlocks } from '../../support/doc-blocks.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture } from '../../support/store-fixture.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Type-checked against the packed package (test/system/package), or part of an app that is built and used (test/system/examples). */
const compiled = [
  'test/system/package/frameworks',
  ...['react/src', 'vue', 'vue/src', 'svelte/src', 'solid/src', 'angular/src', 'next/app', 'next/app/(live)'].map(
    example,
  ),
  ...['astro/src', 'astro/src/pages', 'astro/src/pages/[system]'].map(example),
].map((path) => join(root, path));

function example(path: string): string {
  return `examples/${path}`;
}

it('each block of code is a compiled file', async () => {
  const files = compiled.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(folder, name), 'utf8')),
  );
  const blocks = await Promise.all(
    ['ts', 'tsx', 'vue', 'svelte', 'astro'].map((language) => codeBlocks('docs/frameworks.md', language)),
  );
  assert.equal(blocks.flat().length, 24);
  for (const block of blocks.flat()) assert.ok(files.includes(block), block);
});

it('a signal of Angular follows the store until its injector is destroyed', async () => {
  const { liveSignal } = (await import(pathToFileURL(join(compiled[0]!, 'angular.live-signal.ts')).href)) as {
    liveSignal: <T>(live: Live<T>) => Signal<T>;
  };
  const { store, feed, env } = await liveFixture([row('a', 'active', 1)]);
  const injector = Injector.create({ providers: [] });
  const view = runInInjectionContext(injector, () => liveSignal(store.campaign(flow('a'))));
  assert.equal(view().status, 'active');
  feed.upsert(row('a', 'error', 2));
  await env.frameOver();
  assert.equal(view().status, 'error');
  injector.destroy();
  feed.upsert(row('a', 'active', 3));
  await env.frameOver();
  assert.equal(view().status, 'error');
  store.dispose();
});
