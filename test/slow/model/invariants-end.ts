/** The invariants that hold at the end, when all faults are over and nothing changes: 1, 9 and 16. */
import type { CampaignRecord, Change } from '../../../src/adapters/index.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { settled } from '../../support/environment.ts';
import { LONGEST_THROTTLE_MS } from './commands-network.ts';
import { QUERIES, type Subject } from './observers.ts';
import { reached } from './coverage.ts';
import { SYSTEMS } from './systems.ts';
import { GONE, viewFingerprint, type State } from './expected-state.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/**
 * I1: the store equals the backend for everything observed, the feed is live, and nothing is pending. @returns the
 * first difference
 */
export function i1Difference(world: World): string | undefined {
  const { page, intents } = world;
  const [pending] = intents.pending(page.name);
  if (pending) return `${pending.action} of ${pending.ref.system}/${pending.ref.id} is pending`;
  for (const { subject, looks } of page.observers) {
    if (looks && subject.what !== 'connection') reached('I1: what is looked at is compared');
    const difference = looks ? differenceOf(world, subject) : undefined;
    if (difference) return difference;
  }
  return undefined;
}

/** I9: a resync that finds the same rows notifies no observer. */
export async function i9Silent(world: World): Promise<void> {
  const { page } = world;
  for (const system of SYSTEMS) {
    const looking = page.observers.filter(
      ({ looks, subject }) => looks && subject.system === system && subject.what !== 'connection',
    );
    if (looking.length) reached('I9: a new snapshot while observed');
    const before = looking.map(({ received }) => received);
    if (!(await isReadAgain(world, system))) throw new Violation('I9', `${system} got no new snapshot`);
    for (const [n, { subject, received }] of looking.entries())
      if (received !== before[n])
        throw new Violation(
          'I9',
          `${JSON.stringify(subject)} was notified, though ${system} only took the same snapshot again`,
        );
  }
}

/** Asks for a new snapshot until one comes: a Retry-After from before the end still holds. */
async function isReadAgain({ page, env }: World, system: string): Promise<boolean> {
  const end = env.monotonic() + LONGEST_THROTTLE_MS;
  while (env.monotonic() <= end) {
    page.prompt(system);
    const read = page.store.refresh({ system });
    await env.advance(100);
    if (await read) return true;
    await env.advance(1000);
  }
  return false;
}

/** I16: the same log leads to the same end, in whatever order its changes arrive, and however often. */
export async function i16AnyOrder(world: World): Promise<void> {
  for (const system of SYSTEMS) {
    const ids = world.everyId(system);
    const histories = new Map(ids.map((id) => [id, world.expected.history({ system, id })]));
    const log = [...histories].flatMap(([id, states]) =>
      states.filter(({ epoch }) => epoch === world.expected.now).flatMap((state) => changesOf(id, state)),
    );
    if ([...histories.values()].some((states) => states.filter(({ epoch }) => epoch === world.expected.now).length > 5))
      reached('I16: many changes of one campaign');
    const shuffled = [...log, ...log.filter(() => world.nextRandom('again') < 0.3)]
      .map((change) => ({ change, place: world.nextRandom('order') }))
      .sort((a, b) => a.place - b.place)
      .map(({ change }) => change);
    const store = createCampaignStore({
      // This store needs no timers.
      environment: { frame: (run) => run(), setTimeout: () => 0, clearTimeout: () => {} },
      report: () => {},
      adapter: {
        act: () => Promise.reject(new Error('nobody acts here')),
        watch: async function* () {
          yield { type: 'open', mode: 'snapshot', epoch: 'now' } satisfies Change;
          yield* shuffled;
          yield { type: 'synced', cursor: 'end' } satisfies Change;
          await new Promise<never>(() => {});
        },
      },
    });
    try {
      store.list(system).subscribe();
      await settled();
      for (const [id, states] of histories) {
        const got = viewFingerprint(store.campaign({ system, id }).value);
        const wanted = states.at(-1)!.fingerprint;
        if (got !== wanted)
          throw new Violation(
            'I16',
            `${system}/${id} ends as ${got} instead of ${wanted}, after ${shuffled.map((change) => JSON.stringify(change)).join('\n    ')}`,
          );
      }
    } finally {
      store.dispose();
    }
  }
}

function differenceOf({ page, expected, backend }: World, subject: Subject): string | undefined {
  const { system } = subject;
  const { state } = page.store.connection(system).value;
  const wanted = page.wanted(system) > 0;
  if (wanted && state !== 'live') return `the feed of ${system} is ${state}`;
  if (subject.what === 'connection') return undefined;
  if (subject.what === 'campaign') {
    const view = page.store.campaign(subject).value;
    const { fingerprint } = expected.state(subject);
    const got = viewFingerprint(view);
    if (view.stale) return `${system}/${subject.id} is marked as ${view.stale.why}`;
    if (view.presence === 'loading') return `${system}/${subject.id} is loading`;
    return got === fingerprint ? undefined : `${system}/${subject.id} is shown as ${got}, and is ${fingerprint}`;
  }
  const records = backend.campaigns.list(system);
  const list = page.store.list(system, QUERIES[subject.query]).value;
  const { statuses = [] } = QUERIES[subject.query];
  const ids = records.filter(({ status }) => !statuses.length || statuses.includes(status)).map(({ id }) => id);
  if (!list.complete) return `the list of ${system} is incomplete`;
  if (list.total !== records.length) return `the list of ${system} counts ${list.total} instead of ${records.length}`;
  const [got, want] = [[...list.ids].sort().join(), ids.sort().join()];
  return got === want ? undefined : `the list of ${system} holds ${got}, and should hold ${want}`;
}

/** A state as the change that brought it. Unreadable records are left out: their place in the order is unknown. */
function changesOf(id: string, { fingerprint, cursor, record, goneRevision }: State): Change[] {
  if (fingerprint === GONE)
    return goneRevision === undefined ? [] : [{ type: 'remove', items: [{ id, revision: goneRevision }] }];
  if (!record || typeof record.status !== 'string' || fingerprint === 'unreadable') return [];
  const items: CampaignRecord[] = [record];
  return [cursor === 0 ? { type: 'page', items } : { type: 'upsert', items }];
}
