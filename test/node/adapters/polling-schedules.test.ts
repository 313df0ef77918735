/**
 * In whatever order polls begin, are read, are answered and overlap with actions: every change is true, and in order.
 */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { CampaignAdapter } from '../../../src/adapters/index.ts';
import { fc } from '../../setup/fast-check.ts';
import { settled } from '../support/environment.ts';
import { INTERVAL_MS, type ListCall, passTime, PolledBackend, row } from '../support/polled-backend.ts';
import { actRequest, RecordedWatch } from '../support/watching.ts';

const IDS = ['a', 'b', 'c'];

/** What the backend has, and every state it ever had of each campaign; `undefined`: it did not exist. */
class Truth {
  readonly now = new Map<string, string>();
  readonly log = new Map<string, (string | undefined)[]>(IDS.map((id) => [id, [undefined]]));
  #count = 0;

  change(id: string): void {
    this.#set(id, `state ${++this.#count}`);
  }

  remove(id: string): void {
    if (this.now.has(id)) this.#set(id, undefined);
  }

  /** A list of its current state. */
  rows(): Record<string, unknown>[] {
    return [...this.now].map(([id, status]) => row(id, { status }));
  }

  #set(id: string, status: string | undefined): void {
    if (status === undefined) this.now.delete(id);
    else this.now.set(id, status);
    this.log.get(id)!.push(status);
  }
}

type Step =
  | { readonly do: 'change' | 'remove' | 'act'; readonly id: string }
  | { readonly do: 'take' | 'answer' | 'end act'; readonly which: number }
  | { readonly do: 'wait' | 'watch' | 'leave' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('change', 'change', 'remove', 'act'), id: fc.constantFrom(...IDS) }),
  fc.record({ do: fc.constantFrom('take', 'answer', 'answer', 'end act'), which: fc.nat(3) }),
  fc.record({ do: fc.constantFrom('wait', 'wait', 'watch', 'leave') }),
);

/** One run of a schedule. */
class Run {
  readonly truth = new Truth();
  readonly backend = new PolledBackend();
  // No poll times out, however long a schedule waits.
  readonly adapter: CampaignAdapter<unknown> = this.backend.adapter({ timeoutMs: 600_000 });
  readonly watches: RecordedWatch[] = [];
  /** Polls under way, with the rows they have already read. */
  readonly #taken = new Map<ListCall, unknown[]>();
  readonly #answered = new Set<ListCall>();
  readonly #acted = new Set<unknown>();

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'change':
        this.truth.change(step.id);
        break;
      case 'remove':
        this.truth.remove(step.id);
        break;
      case 'act':
        void this.adapter.act(actRequest(step.id));
        this.truth.change(step.id);
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
        const open = this.backend.lists.filter((call) => !call.signal.aborted && !this.#answered.has(call));
        const call = open[step.which % Math.max(1, open.length)];
        if (!call) return;
        if (!this.#taken.has(call)) this.#taken.set(call, this.truth.rows());
        if (step.do === 'take') return;
        this.#answered.add(call);
        call.answer(this.#taken.get(call));
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

  /** Ends everything under way; then every watch polls once more. */
  async finish(): Promise<void> {
    while (this.backend.acts.some((act) => !this.#acted.has(act))) await this.take({ do: 'end act', which: 0 });
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

test('every campaign’s emitted states grow in revision, are true, are in order, and end with the backend’s state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      mock.timers.enable({ apis: ['setTimeout'] });
      const run = new Run();
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
    { numRuns: 400 },
  );
});
