import { i1Difference, i9Silent, i16AnyOrder } from './invariants-end.ts';
import { i7NothingLeft } from './invariants-feed.ts';
import { atEveryStep } from './invariants.ts';
import { TIMES } from './page.ts';
import { IDS, SYSTEMS } from './systems.ts';
import { UNREADABLE } from './expected-state.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/**
 * The store must show the truth within this time (ms): the longest wait before an attempt that is unlikely to help, and
 * one backoff.
 */
const BOUND_MS = 120_000;
const LOOK_EVERY_MS = 2000;
/** It must then stay right for this time (ms). Before that, a clock that was set can make a feed look silent. */
const IDLE_MS = 9000;

/** Ends all faults, shows the page, and lets nothing else happen. @throws Violation */
export async function settle(world: World): Promise<void> {
  world.note(() => '— the end: all is healed');
  clearFaults(world);
  await world.steady();
  fixUnreadable(world);
  atEveryStep(world);
  await world.env.advance(IDLE_MS);
  atEveryStep(world);
  // First with the present observers: a new one could cause a resync, which would hide what the store had missed.
  await converge(world);
  for (const system of SYSTEMS) {
    world.page.observe({ what: 'list', system, query: 'all' }, 'listens');
    for (const id of IDS) world.page.observe({ what: 'campaign', system, id }, 'listens');
  }
  await converge(world);
  await world.env.advance(IDLE_MS);
  const difference = i1Difference(world);
  if (difference) throw new Violation('I1', `left alone for ${IDLE_MS} ms, ${difference}`);
  await i9Silent(world);
  atEveryStep(world);
  await i16AnyOrder(world);
  await leave(world);
}

function clearFaults(world: World): void {
  const { page, backend } = world;
  backend.faults.clear();
  world.signInWorks = true;
  page.hiddenSince = undefined;
  page.prompt();
  page.surroundings.leaveCache();
  page.surroundings.goOnline();
}

/** An unreadable record stays marked until it changes. */
function fixUnreadable({ page, expected, backend }: World): void {
  for (const system of SYSTEMS)
    for (const id of page.everyId(system)) {
      const ref = { system, id };
      const unreadable =
        page.shown.isScarred(ref) || expected.history(ref).some(({ fingerprint }) => fingerprint === UNREADABLE);
      if (unreadable && backend.campaigns.get(ref)) backend.campaigns.touch(ref);
    }
}

async function converge(world: World): Promise<void> {
  let difference: string | undefined;
  for (let passed = 0; passed < BOUND_MS; passed += LOOK_EVERY_MS) {
    await world.env.advance(LOOK_EVERY_MS);
    atEveryStep(world);
    difference = i1Difference(world);
    if (!difference) return;
  }
  throw new Violation('I1', `${BOUND_MS} ms after all was healed, ${difference}`);
}

/** All observers leave, or the store is disposed of while they observe. */
async function leave(world: World): Promise<void> {
  const { page, env, backend, setting } = world;
  if (setting.seed % 2) {
    for (const observer of page.observers) observer.stop();
    await env.advance(TIMES.graceMs + TIMES.keepMs);
    i7NothingLeft('everyone has left, and', page.counts);
  }
  page.dispose();
  await env.advance(0);
  world.assertWhole();
  i7NothingLeft('the store is gone, and', page.counts);
  i7NothingLeft('the store is gone, and at the backend', { 'open feeds': backend.openFeeds() });
}
