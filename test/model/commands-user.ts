/** What users do. */
import * as fc from 'fast-check';
import { canChange, change, CHANGES, colleague } from './commands-backend.ts';
import { campaign, command, system } from './command.ts';
import { MANNERS, QUERIES, type Subject } from './observers.ts';
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

export const userCommands = [
  command(
    'look',
    8,
    fc.record({ subject, manner: fc.constantFrom('listens' as const, 'listens' as const, ...MANNERS) }),
    ({ page }, { subject, manner }) => page.observe(subject, manner),
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
  command('press', 12, campaign, ({ page }, ref) => page.press(ref, page.offered(ref))),
  command('press twice', 4, campaign, ({ page }, ref) => {
    const action = page.offered(ref);
    page.press(ref, action);
    page.press(ref, action);
  }),
  command(
    'ask for',
    3,
    fc.tuple(campaign, fc.constantFrom(...actions)).map(([ref, action]) => ({ ...ref, action })),
    ({ page }, { action, ...ref }) => page.press(ref, action),
  ),
  command('press too late', 4, campaign, (world, ref) => {
    const action = world.page.offered(ref);
    colleague(world, ref);
    world.page.press(ref, action);
  }),
  command('check again', 4, campaign, ({ page }, ref) => {
    page.prompt(ref.system);
    void page.store.refresh(ref);
  }),
  // The answer and the feed's own news are on their way at once.
  command(
    'check a change',
    5,
    change,
    (world, { ref, change }) => {
      world.page.prompt(ref.system);
      void world.page.store.refresh(ref);
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
  command('refresh', 2, system, ({ page }, target) => {
    page.prompt(target.system);
    page.line(target.system).heldBackUntil = 0;
    void page.store.refresh(target);
  }),
  command('dismiss', 1, campaign, ({ page }, ref) => page.store.dismiss(ref)),
];
