import type { RecoveryStep } from '../../lifecycle/index.ts';
import { checkedLive, type RecoverySession, type LiveFacts } from './recovery-session.ts';

/** A step that became done, or open again, since the last check. */
export interface StepTransition {
  readonly step: RecoveryStep;
  /** Its place in the list, from 1. */
  readonly number: number;
  readonly done: boolean;
}

/** What was last known of each self-ticking step of a session, to detect when one changes. */
export class StepTransitions {
  readonly #known = new Map<string, boolean>();
  #session: RecoverySession | undefined;

  /** Nobody follows the steps; what they are when somebody does again is no news. */
  forget(): void {
    this.#known.clear();
    this.#session = undefined;
  }

  /** Checks the steps against live data. @returns the steps that changed, and whether recovery is complete since this check */
  look(
    session: RecoverySession,
    steps: readonly RecoveryStep[],
    facts: LiveFacts,
  ): { readonly turned: readonly StepTransition[]; readonly recovered: boolean } {
    const begun = this.#session?.error !== session.error;
    const recovered = !begun && !this.#session?.ended && session.ended !== undefined;
    if (begun) this.#known.clear();
    this.#session = session;
    const turned: StepTransition[] = [];
    for (const [index, step] of steps.entries()) {
      const done = checkedLive(step, facts);
      if (done === undefined) continue;
      const before = this.#known.get(step.id);
      this.#known.set(step.id, done);
      if (before !== undefined && before !== done) turned.push({ step, number: index + 1, done });
    }
    return { turned, recovered };
  }
}
