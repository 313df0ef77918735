import type { CampaignRef } from '../../../src/adapters/index.ts';
import type { CampaignStore } from '../../../src/store/index.ts';
import { i5NotLater, i5OneKey, i5TrueOutcome, type Intent } from './invariants-actions.ts';
import { reached, type Goal } from './coverage.ts';
import type { ShownStates } from './shown-states.ts';
import type { ExpectedState } from './expected-state.ts';
import type { Violation } from './violation.ts';

/** Every intent of a user, with what was reported to them. */
export class Intents {
  readonly all: Intent[] = [];
  #pressing: Intent | undefined;

  constructor(
    private readonly at: {
      readonly expected: ExpectedState;
      now(): number;
      /** No press is pending for longer (ms). */
      readonly uncertainAfterMs: number;
      violated(violation: Violation): void;
    },
  ) {}

  /** The intents that are not settled. */
  pending(page?: string, system?: string): Intent[] {
    return this.all.filter(
      (intent) =>
        !intent.outcome && (page ?? intent.page) === intent.page && (system ?? intent.ref.system) === intent.ref.system,
    );
  }

  /** A user presses a button. */
  press(
    page: string,
    store: CampaignStore,
    shown: ShownStates,
    ref: CampaignRef,
    action: string,
    online: boolean,
  ): void {
    // A request that was refused before it was sent is settled, although its outcome has not been reported yet.
    const before = this.pending(page, ref.system).find((intent) => intent.ref.id === ref.id && intent.keys.size > 0);
    const index = shown.mark(ref).index;
    const intent: Intent = {
      page,
      ref,
      action,
      at: this.at.now(),
      index,
      online,
      keys: new Set(),
      sent: 0,
      replaced: false,
    };
    this.#pressing = intent;
    const promise = store.perform(ref, action);
    this.#pressing = undefined;
    if (before?.promise === promise) {
      reached('I5: pressed again while pending');
      return;
    }
    if (before?.action === action) before.replaced = true;
    intent.promise = promise;
    this.all.push(intent);
    void promise.then((outcome) => {
      intent.outcome = outcome;
      reached(['outcome: ' + outcome.outcome, ...(outcome.reason ? [outcome.reason.code] : [])].join(', ') as Goal);
      this.#hold(() => i5TrueOutcome(intent, this.at.expected));
    });
  }

  /**
   * A request with this key leaves the store. @throws Violation if no user intended it, or it was sent before under
   * another key
   */
  sent(page: string, ref: CampaignRef, action: string, key: string): void {
    const wanted = [...this.all, ...(this.#pressing ? [this.#pressing] : [])].filter(
      (intent) =>
        intent.page === page &&
        intent.action === action &&
        intent.ref.system === ref.system &&
        intent.ref.id === ref.id,
    );
    const intent = wanted.find(({ keys }) => keys.has(key)) ?? wanted.findLast(({ outcome }) => !outcome);
    i5OneKey(intent, ref, action, key);
    i5NotLater(intent!, this.at.now(), this.at.uncertainAfterMs);
    intent!.keys.add(key);
    intent!.sent++;
    if (intent!.sent > 1) reached('I5: sent again');
  }

  #hold(check: () => void): void {
    try {
      check();
    } catch (violation) {
      this.at.violated(violation as Violation);
    }
  }
}
