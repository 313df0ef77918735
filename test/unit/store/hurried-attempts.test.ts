/** An attempt that comes early, because the network is back or the page is shown, comes at a random time within a second. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestPage } from '../../support/environment.ts';
import { liveFixture } from '../../support/store-fixture.ts';

/** @returns after how many ms a page with this random number asks again */
async function delay(chance: number, event: (page: TestPage) => void): Promise<number> {
  const { env, adapter, feed } = await liveFixture([]);
  env.chance = 1 - 1e-9;
  feed.fail();
  for (let attempt = 0; attempt < 5; attempt++) {
    await env.advance(31_000);
    adapter.feed.fail();
  }
  const { length } = adapter.watches;
  const began = env.monotonic();
  env.chance = chance;
  event(env.page);
  while (adapter.watches.length === length && env.monotonic() - began < 5000) await env.advance(1);
  return env.monotonic() - began;
}

describe('many tabs ask at different times within a second, when', () => {
  for (const [what, event] of [
    ['the network is back', (page: TestPage) => page.goOnline()],
    ['the page is shown', (page: TestPage) => (page.hide(), page.show())],
  ] as const)
    test(what, async () => {
      const delays: number[] = [];
      for (const chance of [0.1, 0.35, 0.6, 0.85, 0.999]) delays.push(await delay(chance, event));
      assert.deepEqual(delays, [100, 350, 600, 850, 999]);
    });
});
