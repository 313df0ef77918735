/** Commands that happen at the backend. */
import * as fc from 'fast-check';
import type { CampaignRef } from '../../../src/adapters/index.ts';
import { legalActions } from '../../../src/lifecycle/index.ts';
import { campaign, command, nothing, system } from './command.ts';
import { LIFECYCLES } from './systems.ts';
import type { World } from './world.ts';

const CHANNELS = ['email', 'sms', 'push', 'whatsapp'];
/** Statuses that no lifecycle defines, among them names that a careless object lookup would find. */
const ODD_WORDS = ['archived', 'constructor', '__proto__', ''];
const prerequisite = campaign.chain((ref) =>
  fc.record({
    system: fc.constant(ref.system),
    id: fc.constant(ref.id),
    what: fc.constantFrom(...Object.keys(LIFECYCLES.get(ref.system)!.prerequisites ?? {})),
  }),
);

/** True if the campaign exists. */
export const there = ({ backend }: World, ref: CampaignRef): boolean => backend.campaigns.get(ref) !== undefined;

/** Makes every change distinguishable from every other. */
const unique = (world: World, what: string): string => `${what} ${world.number(what)}`;

/** Another user or a script at the backend takes the first legal action. */
export function colleague(world: World, { system, id }: CampaignRef): void {
  const record = world.backend.campaigns.get({ system, id })?.record;
  const [action] = legalActions(LIFECYCLES.get(system), record?.status ?? '');
  if (!record || action === undefined) return;
  const { status, revision } = record;
  const idempotencyKey = unique(world, 'colleague');
  // The outcome of this action does not matter here.
  void world.backend.act({ ref: { system, id }, action, expect: { status, revision }, idempotencyKey }).catch(() => {});
}

/** What can happen to a campaign while a user acts on it. */
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

/** A random change of a random campaign. */
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
  // The backend no longer has these changes, so that only a snapshot can show their result.
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
  command(
    'meet prerequisite',
    2,
    prerequisite,
    ({ backend }, { what, ...ref }) => backend.campaigns.setPrerequisite(ref, what, true),
    there,
  ),
  command(
    'lose prerequisite',
    2,
    prerequisite,
    ({ backend }, { what, ...ref }) => backend.campaigns.setPrerequisite(ref, what, false),
    there,
  ),
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
    backend.dependencies.set({ kind: 'channel', id: channel }, 'stopped'),
  ),
  command('fix', 1, fc.record({ channel: fc.constantFrom(...CHANNELS) }), ({ backend }, { channel }) =>
    backend.dependencies.set({ kind: 'channel', id: channel }, 'running'),
  ),
  command('read only', 2, fc.record({ on: fc.boolean() }), ({ backend }, { on }) => backend.faults.readOnly(on)),
  command('compact', 3, system, ({ backend }, { system }) => backend.faults.compact(system)),
  command('save', 1, nothing, (w) => void (w.saved = w.backend.save())),
  command('restore', 2, nothing, ({ backend, saved }) => backend.restore(saved)),
  command('restart', 3, fc.record({ newEpoch: fc.boolean() }), ({ backend }, options) =>
    backend.faults.restart(options),
  ),
];
