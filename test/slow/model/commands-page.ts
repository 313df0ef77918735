/** Commands that happen to the page, its machine and its clock. */
import * as fc from 'fast-check';
import { command, nothing } from './command.ts';
import { atEveryStep } from './invariants.ts';
import type { World } from './world.ts';

const DAY_MS = 24 * 3_600_000;
/** The interval between two checks of the invariants about time (ms). */
const LOOK_EVERY_MS = 1000;

const hidden = ({ page }: World): boolean => !page.surroundings.visible;

export const pageCommands = [
  command(
    'wait',
    40,
    fc.record({ ms: fc.constantFrom(400, 1000, 1000, 3000, 3000, 9000, 22_000, 40_000) }),
    async (world, { ms }) => {
      for (let left = ms; left > 0; left -= LOOK_EVERY_MS) {
        await world.flow(Math.min(left, LOOK_EVERY_MS));
        atEveryStep(world);
      }
    },
  ),
  command(
    'hide',
    3,
    nothing,
    ({ page, env }) => {
      page.hiddenSince = env.monotonic();
      page.surroundings.hide();
    },
    (w) => !hidden(w),
  ),
  command(
    'put away',
    1,
    nothing,
    ({ page, env }) => {
      page.hiddenSince = env.monotonic();
      page.surroundings.enterCache();
    },
    (w) => !hidden(w),
  ),
  command(
    'show',
    4,
    nothing,
    ({ page }) => {
      page.hiddenSince = undefined;
      page.prompt();
      page.surroundings.leaveCache();
    },
    hidden,
  ),
  command('sleep', 2, fc.record({ ms: fc.constantFrom(3000, 20_000, 30_000, 3_600_000) }), ({ env }, { ms }) =>
    env.sleep(ms),
  ),
  command('offline', 2, nothing, ({ page }) => page.surroundings.goOffline()),
  command('online', 3, nothing, ({ page }) => {
    page.prompt();
    page.surroundings.goOnline();
  }),
  command('set the clock', 1, fc.record({ ms: fc.constantFrom(-DAY_MS, -5000, 5000, DAY_MS) }), ({ env }, { ms }) =>
    env.shiftWallClock(ms),
  ),
  command('swap', 2, nothing, (world) => world.swap()),
];
