/** Commands that happen between page and backend, and to the answers. */
import * as fc from 'fast-check';
import { CHANGES, there } from './commands-backend.ts';
import { command, nothing, system } from './command.ts';
import { GARBAGE } from './malformed-rows.ts';
import { IDS, SYSTEMS } from './systems.ts';
import type { World } from './world.ts';

/** The longest time for which the backend asks to wait. */
export const LONGEST_THROTTLE_MS = 30_000;

const REFUSALS = ['forbidden', 'invalid', 'gone', 'unavailable', 'conflict'] as const;
/** Changes two campaigns, so that their feed has something to send. */
function stir(world: World, system: string): void {
  for (const id of IDS.slice(0, 2)) if (there(world, { system, id })) CHANGES.rename(world, { system, id });
}

const once = fc.record({ times: fc.integer({ min: 1, max: 3 }) });

export const networkCommands = [
  command('cut', 5, fc.record({ system: fc.option(fc.constantFrom(...SYSTEMS), { nil: null }) }), ({ network }, args) =>
    network.cut(args.system ?? undefined),
  ),
  command('down', 2, nothing, ({ network }) => {
    network.down = true;
    network.cut(undefined);
  }),
  command('stall', 3, system, ({ network }, args) => network.stall(args.system)),
  command('heal', 8, nothing, ({ network, backend }) => {
    network.heal();
    backend.faults.clear();
  }),
  command('short-lived feeds', 3, fc.record({ blocks: fc.integer({ min: 0, max: 5 }) }), ({ network }, { blocks }) => {
    network.lifespan = blocks;
    network.cut(undefined);
  }),
  command(
    'repeat',
    3,
    fc.record({ system: fc.constantFrom(...SYSTEMS), times: fc.integer({ min: 1, max: 3 }), older: fc.boolean() }),
    (world, { system, times, older }) => {
      world.network.repeat(system, times, older);
      stir(world, system);
    },
  ),
  command(
    'garbage',
    4,
    fc.record({ system: fc.constantFrom(...SYSTEMS), garbage: fc.constantFrom(...GARBAGE) }),
    (world, { system, garbage }) => {
      world.network.garble(system, garbage);
      stir(world, system);
    },
  ),
  command(
    'status',
    4,
    fc.record({
      answer: fc.oneof(
        fc.record({
          status: fc.constantFrom(401, 401, 429, 500, 502, 503),
          to: fc.option(fc.constantFrom('watch' as const, 'act' as const, 'get' as const), { nil: null }),
        }),
        // A refusal of an action settles its key, so only the backend itself may give one (see "refuse").
        fc.record({ status: fc.constant(403), to: fc.constantFrom('watch' as const, 'get' as const) }),
        // For a `get` these would mean that the campaign does not exist, which only the backend may decide.
        fc.record({ status: fc.constantFrom(404, 410), to: fc.constant('watch' as const) }),
      ),
      times: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
      retryAfterMs: fc.option(fc.constantFrom(1000, 5000, 30_000), { nil: null }),
    }),
    ({ backend, network }, { answer, times, retryAfterMs }) => {
      backend.faults.answer(answer.status, {
        ...(answer.to ? { to: answer.to } : {}),
        ...(times ? { times } : {}),
        ...(retryAfterMs ? { retryAfterMs } : {}),
      });
      // An open feed sees the answer only when it asks again, so cut it.
      if (answer.to === 'watch') network.cut(undefined);
    },
  ),
  command('sign out', 3, fc.record({ forGood: fc.boolean() }), (w, { forGood }) => {
    w.signInWorks = !forGood;
    w.backend.faults.answer(401);
    w.network.cut(undefined);
  }),
  command('sign in', 1, nothing, (w) => {
    w.signInWorks = true;
    w.backend.faults.answer(null);
  }),
  command('throttle', 2, fc.record({ ms: fc.constantFrom(1000, 10_000, LONGEST_THROTTLE_MS) }), ({ backend }, { ms }) =>
    backend.faults.throttle(ms),
  ),
  command('latency', 2, fc.record({ ms: fc.constantFrom(0, 300, 3000) }), ({ backend }, { ms }) =>
    backend.faults.latency(ms),
  ),
  command('lose requests', 2, once, ({ network }, { times }) => void (network.lose.request += times)),
  command('lose answers', 3, once, ({ network }, { times }) => void (network.lose.answer += times)),
  command('resend', 2, once, ({ network }, { times }) => void (network.lose.resend += times)),
  command('swallow', 1, nothing, ({ backend }) => backend.faults.swallowNext()),
  command('accept only', 2, fc.record({ on: fc.boolean() }), ({ backend }, { on }) => backend.faults.acceptOnly(on)),
  command('refuse', 2, fc.record({ code: fc.constantFrom(...REFUSALS) }), ({ backend }, { code }) =>
    backend.faults.refuseNext({ code, reason: 'No.' }),
  ),
];
