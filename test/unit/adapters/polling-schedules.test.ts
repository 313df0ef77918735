/**
 * In whatever order reads begin, are read, are answered, and overlap with actions and pushes: every change is true, and in order.
 */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { CampaignAdapter, CampaignRef, PolledCampaign, PolledPush } from '../../../src/adapters/index.ts';
import { fc } from '../../support/fast-check.ts';
import { settled } from '../../support/environment.ts';
import { INTERVAL_MS, passTime, PolledBackend, row } from '../../support/polled-backend.ts';
import { PendingRequest, ScriptedFeed } from '../../support/scripted-adapter.ts';
import { actRequest, RecordedWatch } from '../../support/watching.ts';

const IDS = ['a', 'b', 'c'];

/** What the backend has, and every state it ever had of each campaign; `undefined`: it did not exist. */
class Truth {
  readonly now = new Map<string, string>();
  readonly log = new Map<string, (string | undefined)[]>(IDS.map((id) => [id, [undefined]]));
  #count = 0;

  change(id: string): void {
    this.#set(id, `state ${++this.#count % 2}`);
  }

  remove(id: string): void {
    if (this.now.has(id)) this.#set(id, undefined);
  }

  /** A list of its current state. */
  rows(): Record<string, unknown>[] {
    return [...this.now].map(([id, status]) => row(id, { status }));
  }

  /** One campaign as it is now. */
  one(id: string): Record<string, unknown> | undefined {
    const status = this.now.get(id);
    return status === undefined ? undefined : row(id, { status });
  }

  #set(id: string, status: string | undefined): void {
    if (status === undefined) this.now.delete(id);
    else this.now.set(id, status);
    this.log.get(id)!.push(status);
  }
}

type Step =
  | { readonly do: 'change' | 'remove' | 'act' | 'get'; readonly id: string }
  | { readonly do: 'take' | 'answer' | 'end act' | 'push'; readonly which: number }
  | { readonly do: 'wait' | 'watch' | 'leave' | 'lose pushes' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('change', 'change', 'remove', 'act', 'get'), id: fc.constantFrom(...IDS) }),
  fc.record({ do: fc.constantFrom('take', 'answer', 'answer', 'end act', 'push', 'push'), which: fc.nat(3) }),
  fc.record({ do: fc.constantFrom('wait', 'wait', 'watch', 'leave', 'lose pushes') }),
);

/** A read under way. */
interface Read {
  readonly signal: AbortSignal;
  /** What it reads now. */
  readonly read: () => unknown;
  readonly answer: (answer: unknown) => void;
}

/** What a backend offers besides its list. */
interface Offer {
  readonly get?: boolean;
  /** What a push holds. */
  readonly push?: 'rows' | 'ids' | 'nothing';
}

/** One run of a schedule. */
class Run {
  readonly truth = new Truth();
  readonly backend = new PolledBackend();
  readonly adapter: CampaignAdapter<unknown>;
  readonly watches: RecordedWatch[] = [];
  readonly #gets: Read[] = [];
  readonly #feeds: ScriptedFeed<PolledPush>[] = [];
  /** Pushes that were sent and have not arrived. Any of them may arrive next. */
  readonly #pushes: PolledPush[] = [];
  /** Reads under way, with what they have already read. */
  readonly #taken = new Map<unknown, unknown>();
  readonly #answered = new Set<unknown>();
  readonly #acted = new Set<unknown>();

  constructor(private readonly offer: Offer) {
    this.adapter = this.backend.adapter({
      // No poll times out, however long a schedule waits.
      timeoutMs: 600_000,
      listeningIntervalMs: 20 * INTERVAL_MS,
      ...(offer.get ? { get: (ref, signal) => this.#get(ref, signal) } : {}),
      ...(offer.push ? { listen: (_, signal) => this.#listen(signal) } : {}),
    });
  }

  /** All reads so far. */
  get #reads(): Read[] {
    const lists = this.backend.lists.map((call) => ({
      signal: call.signal,
      read: () => this.truth.rows(),
      answer: call.answer,
    }));
    return [...lists, ...this.#gets];
  }

  #get(ref: CampaignRef, signal: AbortSignal): Promise<PolledCampaign | undefined> {
    const { promise, answer } = new PendingRequest<CampaignRef, unknown>(ref);
    this.#gets.push({ signal, read: () => this.truth.one(ref.id), answer });
    return promise as Promise<PolledCampaign | undefined>;
  }

  #listen(signal: AbortSignal) {
    const feed = new ScriptedFeed<PolledPush>(signal);
    this.#feeds.push(feed);
    return feed.feed;
  }

  #changed(id: string): void {
    if (this.offer.push === 'ids') this.#pushes.push([id]);
    if (this.offer.push === 'nothing') this.#pushes.push(undefined);
    if (this.offer.push === 'rows') this.#pushes.push([{ ...(this.truth.one(id) ?? {}), id }]);
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'change':
        this.truth.change(step.id);
        this.#changed(step.id);
        break;
      case 'remove':
        this.truth.remove(step.id);
        this.#changed(step.id);
        break;
      case 'act':
        void this.adapter.act(actRequest(step.id));
        this.truth.change(step.id);
        this.#changed(step.id);
        break;
      case 'get':
        void this.adapter.get?.({ system: 'flows', id: step.id }, new AbortController().signal);
        break;
      case 'push': {
        const [push] = this.#pushes.splice(step.which % Math.max(1, this.#pushes.length), 1);
        for (const feed of this.#feeds) if (feed.open) feed.push(push);
        break;
      }
      case 'lose pushes':
        for (const feed of this.#feeds) if (feed.open) feed.fail();
        break;
      case 'end act': {
        const open = this.backend.acts.filter((act) => !this.#acted.has(act));
        const act = open[step.which % Math.max(1, open.length)];
        if (!act) return;
        this.#acted.add(act);
        act.answer({ outcome: 'accepted' });
        break;
      }
      case 'take':
      case 'answer': {
        const open = this.#reads.filter(({ signal, answer }) => !signal.aborted && !this.#answered.has(answer));
        const one = open[step.which % Math.max(1, open.length)];
        if (!one) return;
        if (!this.#taken.has(one.answer)) this.#taken.set(one.answer, one.read());
        if (step.do === 'take') return;
        this.#answered.add(one.answer);
        one.answer(this.#taken.get(one.answer));
        break;
      }
      case 'wait':
        await passTime(INTERVAL_MS / 5);
        break;
      case 'watch':
        if (this.watches.length < 3) this.watches.push(new RecordedWatch(this.adapter));
        break;
      case 'leave':
        this.watches.shift()?.stop();
    }
    await settled();
  }

  /** Ends everything under way, and delivers every push; without pushes, every watch polls once more. */
  async finish(): Promise<void> {
    while (this.backend.acts.some((act) => !this.#acted.has(act))) await this.take({ do: 'end act', which: 0 });
    while (this.#pushes.length) await this.take({ do: 'push', which: 0 });
    for (let round = 0; round < 3; round++) {
      for (let open = 0; open < 6; open++) await this.take({ do: 'answer', which: 0 });
      await passTime(INTERVAL_MS);
    }
    for (let open = 0; open < 6; open++) await this.take({ do: 'answer', which: 0 });
  }

  /** The states that a watch received of a campaign, in order. */
  received(watch: RecordedWatch, id: string): { status: string | undefined; revision: number }[] {
    return watch.changes.flatMap((change) =>
      'items' in change
        ? (change.items as { id: string; status?: string; revision: number }[])
            .filter((item) => item.id === id)
            .map(({ status, revision }) => ({ status, revision }))
        : [],
    );
  }
}

async function holds(offer: Offer): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      mock.timers.enable({ apis: ['setTimeout'] });
      mock.method(console, 'warn', () => {});
      const run = new Run(offer);
      run.watches.push(new RecordedWatch(run.adapter));
      const all: RecordedWatch[] = [...run.watches];
      try {
        for (const one of steps) {
          await run.take(one);
          for (const watch of run.watches) if (!all.includes(watch)) all.push(watch);
        }
        await run.finish();
        for (const watch of all)
          for (const id of IDS) {
            const received = run.received(watch, id);
            received.reduce((before, { revision }) => (assert.ok(revision > before), revision), 0);
            let at = 0;
            const log = run.truth.log.get(id)!;
            for (const { status } of received) {
              at = log.indexOf(status, at) + 1;
              assert.ok(at > 0, `${id}: ${status} was not true any more`);
            }
          }
        for (const watch of run.watches)
          for (const id of IDS) assert.equal(run.received(watch, id).at(-1)?.status, run.truth.now.get(id));
      } finally {
        for (const watch of all) watch.stop();
        await settled();
        mock.timers.reset();
      }
    }),
    { numRuns: 100 },
  );
}

const offers: readonly Offer[] = [
  {},
  { get: true },
  { push: 'nothing' },
  { push: 'rows' },
  { push: 'ids', get: true },
  { push: 'rows', get: true },
];
for (const offer of offers)
  test(`${offerName(offer)}: every campaign’s emitted states grow in revision, are true, are in order, and end with the backend’s state`, () =>
    holds(offer));

function offerName({ get, push }: Offer): string {
  return ['list', get && 'get', push && `push of ${push}`].filter(Boolean).join(', ');
}
