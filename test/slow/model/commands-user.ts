/** Commands that users give. */
import * as fc from 'fast-check';
import { canChange, change, CHANGES, colleague, type ChangeKind } from './commands-backend.ts';
import { campaign, command, system } from './command.ts';
import { BEHAVIOURS, QUERIES, type Subject } from './observers.ts';
import type { CampaignRef } from '../../../src/adapters/index.ts';
import type { World } from './world.ts';
import { LIFECYCLES, SYSTEMS } from './systems.ts';

const subject: fc.Arbitrary<Subject> = fc.oneof(
  campaign.map((ref) => ({ what: 'campaign' as const, ...ref })),
  fc.record({
    what: fc.constant('list' as const),
    system: fc.constantFrom(...SYSTEMS),
    query: fc.constantFrom(...(Object.keys(QUERIES) as (keyof typeof QUERIES)[])),
  }),
  fc.record({ what: fc.constant('connection' as const), system: fc.constantFrom(...SYSTEMS) }),
);
const actions = [...new Set([...LIFECYCLES.values()].flatMap((lifecycle) => Object.keys(lifecycle.actions)))];

/** The campaign has a button, or had one a moment ago. */
const pressable = ({ page }: World, { system, id }: CampaignRef): boolean =>
  ['present', 'gone'].includes(page.store.campaign({ system, id }).value.presence);

/** Any action, whether or not it is offered. */
const oneAction = fc.tuple(campaign, fc.constantFrom(...actions)).map(([ref, action]) => ({ ...ref, action }));

/** Most requests arrive within this time (ms). */
const MEANWHILE_MS = 400;
/** A feed that is this late (ms) counts as silent. */
const SLOW_MS = 8000;

export const userCommands = [
  command(
    'look',
    8,
    fc.record({ subject, behaviour: fc.constantFrom('listens' as const, 'listens' as const, ...BEHAVIOURS) }),
    ({ page }, { subject, behaviour }) => page.observe(subject, behaviour),
  ),
  command(
    'leave',
    6,
    fc.record({ n: fc.nat({ max: 9 }) }),
    ({ page }, { n }) => {
      const looking = page.observers.filter(({ looks }) => looks);
      looking[n % looking.length]?.stop();
    },
    ({ page }) => page.observers.some(({ looks }) => looks),
  ),
  command('leave all', 1, fc.constant({}), ({ page }) => {
    for (const observer of page.observers) observer.stop();
  }),
  command('press', 12, campaign, ({ page }, ref) => page.press(ref, page.offered(ref)), pressable),
  command(
    'press twice',
    4,
    campaign,
    ({ page }, ref) => {
      const action = page.offered(ref);
      page.press(ref, action);
      page.press(ref, action);
    },
    pressable,
  ),
  command(
    'press another',
    2,
    oneAction,
    ({ page }, { action, ...ref }) => {
      page.press(ref, page.offered(ref));
      page.press(ref, action);
    },
    pressable,
  ),
  command('ask for', 3, oneAction, ({ page }, { action, ...ref }) => page.press(ref, action)),
  command(
    'press too late',
    4,
    campaign,
    (world, ref) => {
      const action = world.page.offered(ref);
      colleague(world, ref);
      world.page.press(ref, action);
    },
    pressable,
  ),
  command('check again', 4, campaign, ({ page }, ref) => {
    page.prompt(ref.system);
    page.checkAgain(ref);
  }),
  // The answer and the change on the feed are on their way at the same time.
  command(
    'check a change',
    5,
    change,
    (world, { ref, change }) => {
      world.page.prompt(ref.system);
      world.page.checkAgain(ref);
      CHANGES[change](world, ref);
    },
    (world, { ref, change }) => canChange(world, ref, change),
  ),
  command(
    'press and change',
    4,
    change,
    (world, { ref, change }) => {
      world.page.press(ref, world.page.offered(ref));
      CHANGES[change](world, ref);
    },
    (world, { ref, change }) => canChange(world, ref, change),
  ),
  // The next attempt arrives while the backend still processes the first.
  command(
    'press, cut off',
    3,
    fc.record({ ref: campaign, takes: fc.constantFrom(300, 3000) }),
    async (world, { ref, takes }) => {
      world.backend.faults.latency(takes);
      world.network.lose.meanwhile = 1;
      world.page.press(ref, world.page.offered(ref));
      await world.flow(takes);
      world.backend.faults.latency(0);
    },
    (world, { ref }) => pressable(world, ref),
  ),
  // When the machine wakes, the next attempt is due.
  command(
    'press and sleep',
    3,
    fc.record({
      ref: campaign,
      lost: fc.constantFrom('request' as const, 'answer' as const),
      ms: fc.constantFrom(3000, 30_000, 3_600_000),
    }),
    async (world, { ref, lost, ms }) => {
      world.network.lose[lost]++;
      world.page.press(ref, world.page.offered(ref));
      await world.flow(MEANWHILE_MS);
      await world.env.sleep(ms);
    },
    (world, { ref }) => pressable(world, ref),
  ),
  // If the answer arrives at all, its content is already out of date.
  command(
    'change before the answer',
    6,
    fc.record({
      of: fc.constantFrom('press' as const, 'check again' as const),
      ref: campaign,
      change: fc.constantFrom(...(Object.keys(CHANGES) as ChangeKind[])),
      late: fc.constantFrom(null, 1000, 5000, 12_000),
      slow: fc.boolean(),
    }),
    async (world, { of, ref, change, late, slow }) => {
      const { page, network } = world;
      if (late === null) network.lose.answer++;
      else network.late = [late];
      if (slow) network.slow.set(ref.system, SLOW_MS);
      page.prompt(ref.system);
      if (of === 'press') page.press(ref, page.offered(ref));
      else page.checkAgain(ref);
      await world.flow(MEANWHILE_MS);
      if (canChange(world, ref, change)) CHANGES[change](world, ref);
    },
    (world, { ref }) => pressable(world, ref),
  ),
  command('refresh', 2, system, ({ page }, target) => {
    page.prompt(target.system);
    void page.store.refresh(target);
  }),
  command('dismiss', 1, campaign, ({ page }, ref) => page.store.dismiss(ref)),
];
