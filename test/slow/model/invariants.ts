/** The invariants that hold at every step, whatever happened. */
import { i11FewRetries, i15Settles, i5Effects, i5OneRequest } from './invariants-actions.ts';
import {
  i11NoHotLoop,
  i11NotForRightCounts,
  i13MarkedWhenLost,
  i13DetectsSilence,
  i7NothingLeft,
} from './invariants-feed.ts';
import { i10Counted, i3OneEpoch } from './invariants-shown.ts';
import { TIMES, type Page } from './page.ts';
import { reached } from './coverage.ts';
import { SYSTEMS } from './systems.ts';
import type { World } from './world.ts';

/** For each world, the amount of trace when its screen was last checked. */
const looked = new WeakMap<World, number>();

/** @throws Violation the first that was found since the last step, or is found now */
export function atEveryStep(world: World): void {
  world.assertWhole();
  for (const system of SYSTEMS) ofFeed(world, system);
  // In the middle of a batch, observers have older values than the store.
  if (world.page.quiet) ofScreen(world);
  ofPage(world.page);
  ofActions(world);
}

function ofFeed({ page, env }: World, system: string): void {
  i11NoHotLoop(page.line(system), env.monotonic());
  if (page.unwantedFor(system) > TIMES.graceMs) {
    if (page.line(system).requests.length) reached('I7: nobody has looked for longer than the grace');
    i7NothingLeft(`nobody looks at ${system} any more, and`, { feeds: page.openFeeds(system) });
  }
  const away = env.monotonic() - Math.max(page.hiddenSince ?? Infinity, page.line(system).prompts.at(-1) ?? 0);
  if (away > TIMES.hiddenMs) {
    if (page.wanted(system)) reached('I7: hidden for longer than is kept');
    i7NothingLeft(`the page has been hidden for ${away} ms, and`, { feeds: page.openFeeds(system) });
  }
}

function ofScreen(world: World): void {
  const { page, env, expected, trace } = world;
  const now = env.monotonic();
  const happened = looked.get(world) !== trace.length;
  looked.set(world, trace.length);
  for (const system of SYSTEMS) {
    const line = page.line(system);
    const connection = page.store.connection(system).value;
    reached(`connection: ${connection.state}`);
    i13DetectsSilence(line, connection, now, TIMES.slackMs);
    if (!happened && line.lostAt === undefined) continue;
    i10Counted(system, connection, line.garbage);
    i11NotForRightCounts(system, connection, line.wrongCounts);
    const views = page.everyId(system).map((id) => page.store.campaign({ system, id }).value);
    i3OneEpoch(system, views, expected);
    for (const view of views) {
      page.shown.claim(view);
      i13MarkedWhenLost(line, view, now);
    }
  }
}

function ofPage(page: Page): void {
  const unwanted = Math.min(...SYSTEMS.map((system) => page.unwantedFor(system)));
  const { timers, listeners } = page.counts;
  if (unwanted > TIMES.graceMs) i7NothingLeft('nobody looks at anything any more, and', { listeners });
  if (unwanted > TIMES.graceMs + TIMES.keepMs && !page.signingIn && !page.reading)
    i7NothingLeft('no row is kept any more, and', { timers });
}

function ofActions({ intents, env, backend }: World): void {
  const effects = new Map<string, number>();
  for (const { idempotencyKey } of backend.effects())
    effects.set(idempotencyKey, (effects.get(idempotencyKey) ?? 0) + 1);
  for (const intent of intents.all) {
    i5OneRequest(intent);
    i5Effects(intent, effects);
    i11FewRetries(intent);
    i15Settles(intent, env.monotonic(), TIMES.uncertainAfterMs);
  }
}
