/** What happens at the backend. */
import * as fc from 'fast-check';
import type { CampaignRef } from '../../src/adapters/index.ts';
import { legalActions } from '../../src/lifecycle/index.ts';
import { campaign, command, nothing, system } from './command.ts';
import { LIFECYCLES } from './systems.ts';
import type { World } from './world.ts';

const CHANNELS = ['email', 'sms', 'push', 'whatsapp'];
/** Words that no lifecycle knows, among them some that a careless lookup finds. */
const ODD_WORDS = ['archived', 'constructor', '__proto__', ''];
const prerequisite = campaign.chain((ref) =>
  fc.record({
    system: fc.constant(ref.system),
    id: fc.constant(ref.id),
    what: fc.constantFrom(...Object.keys(LIFECYCLES.get(ref.system)!.prerequisites ?? {})),
  }),
);

/** Whether there is such a campaign. */
export const there = ({ backend }: World, ref: CampaignRef): boolean => backend.campaigns.get(ref) !== undefined;

/** Every change can be told from every other. */
const unique = (world: World, what: string): string => `${what} ${world.number(what)}`;

/** A colleague, or a script: it takes the first action that is legal. */
export function colleague(world: World, { system, id }: CampaignRef): void {
  const record = world.backend.campaigns.get({ system, id })?.record;
  const [action] = legalActions(LIFECYCLES.get(system), record?.status ?? '');
  if (!record || action === undefined) return;
  const { status, revision } = record;
  const idempotencyKey = unique(world, 'colleague');
  // What becomes of it is no concern of ours.
  void world.backend.act({ ref: { system, id }, action, expect: { status, revision }, idempotencyKey }).catch(() => {});
}

/** What can happen to a campaign while somebody does something with it. */
export const CHANGES: Readonly<
  Record<'rename' | 'remove' | 'recreate' | 'act', (world: World, ref: CampaignRef) => void>
> = {
  rename: (w, ref) => w.backend.campaigns.rename(ref, unique(w, ref.id)),
  remove: (w, ref) => w.backend.campaigns.remove(ref, unique(w, 'archived')),
  recreate: (w, ref) => {
    const met = Object.keys(LIFECYCLES.get(ref.system)!.prerequisites ?? {});
    w.backend.campaigns.add({ ...ref, name: unique(w, ref.id), met });
  },
  act: colleague,
};
export type ChangeKind = keyof typeof CHANGES;

export function canChange(world: World, ref: CampaignRef, change: ChangeKind): boolean {
  return there(world, ref) === (change !== 'recreate');
}

/** A change of a campaign that was to happen. */
export const change = fc
  .tuple(campaign, fc.constantFrom(...(Object.keys(CHANGES) as ChangeKind[])))
  .map(([ref, change]) => ({ ref, change }));

export const backendCommands = [
  command(
    'change',
    22,
    change,
    (w, { ref, change }) => CHANGES[change](w, ref),
    (w, { ref, change }) => canChange(w, ref, change),
  ),
  // What a page has missed and can't be told any more: only a snapshot shows it.
  command(
    'change unseen',
    5,
    change,
    (w, { ref, change }) => {
      w.network.cut(ref.system);
      CHANGES[change](w, ref);
      w.backend.faults.compact(ref.system);
    },
    (w, { ref, change }) => canChange(w, ref, change),
  ),
  command('touch', 3, campaign, ({ backend }, ref) => backend.campaigns.touch(ref), there),
  command('fault', 3, campaign, (w, ref) => void w.backend.campaigns.raise(ref, unique(w, 'fault')), there),
  command('supply', 2, prerequisite, ({ backend }, { what, ...ref }) => backend.campaigns.supply(ref, what), there),
  command('withdraw', 2, prerequisite, ({ backend }, { what, ...ref }) => backend.campaigns.withdraw(ref, what), there),
  command(
    'odd status',
    1,
    fc.record({
      system: fc.constantFrom(...LIFECYCLES.keys()),
      id: fc.constantFrom('a', 'b'),
      status: fc.constantFrom(...ODD_WORDS),
    }),
    ({ backend }, { status, ...ref }) => backend.campaigns.force(ref, { status }),
    there,
  ),
  command('corrupt', 2, campaign, ({ backend }, ref) => backend.campaigns.corrupt(ref), there),
  command('break', 1, fc.record({ channel: fc.constantFrom(...CHANNELS) }), ({ backend }, { channel }) =>
    backend.channels.break(channel),
  ),
  command('fix', 1, fc.record({ channel: fc.constantFrom(...CHANNELS) }), ({ backend }, { channel }) =>
    backend.channels.fix(channel),
  ),
  command('read only', 2, fc.record({ on: fc.boolean() }), ({ backend }, { on }) => backend.faults.readOnly(on)),
  command('compact', 3, system, ({ backend }, { system }) => backend.faults.compact(system)),
  command('save', 1, nothing, (w) => void (w.saved = w.backend.save())),
  command('restore', 2, nothing, ({ backend, saved }) => backend.restore(saved)),
  command('restart', 3, fc.record({ newEpoch: fc.boolean() }), ({ backend }, options) =>
    backend.faults.restart(options),
  ),
];
