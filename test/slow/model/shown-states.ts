import type { CampaignRef } from '../../../src/adapters/index.ts';
import type { CampaignView } from '../../../src/store/index.ts';
import { i5NothingElseOffered } from './invariants-actions.ts';
import {
  i10OnlyMarkedForCause,
  i2InOrder,
  i4NothingVanishes,
  i6NeverInvented,
  i8Applied,
  type Claim,
  type Mark,
} from './invariants-shown.ts';
import { reached } from './coverage.ts';
import { GONE, viewFingerprint, type Fingerprint, type ExpectedState } from './expected-state.ts';

/** Compares what one page shows with the truth: of each campaign an ordered part of its real states. */
export class ShownStates {
  readonly #marks = new Map<string, Mark>();
  /** Campaigns of which the page was sent an unreadable row. */
  readonly #scars = new Set<string>();

  constructor(
    private readonly expected: ExpectedState,
    /** States from before the page existed can't come from anywhere. */
    private readonly born: (ref: CampaignRef) => number,
  ) {}

  mark(ref: CampaignRef): Mark {
    const key = keyOf(ref);
    let mark = this.#marks.get(key);
    if (!mark) this.#marks.set(key, (mark = { index: this.born(ref), promised: false }));
    return mark;
  }

  /** From now on, no state before this one may be shown. */
  promise(ref: CampaignRef, index: number): void {
    const mark = this.mark(ref);
    if (index <= mark.index) return;
    mark.index = index;
    mark.promised = true;
  }

  scar(ref: CampaignRef): void {
    this.#scars.add(keyOf(ref));
  }

  isScarred(ref: CampaignRef): boolean {
    return this.#scars.has(keyOf(ref));
  }

  /**
   * The page shows this view. @throws Violation if it was never true, or the page has already received something newer
   */
  claim(view: CampaignView): void {
    if (view.presence === 'loading') return;
    const mark = this.mark(view.ref);
    const history = this.expected.history(view.ref);
    const fingerprint = viewFingerprint(view);
    const claim: Claim = { view, fingerprint, history, mark, scarred: this.isScarred(view.ref) };
    i10OnlyMarkedForCause(claim);
    i5NothingElseOffered(view);
    // No readable row has come since: the last good state stays, and is not new.
    const unreadable = view.stale?.why === 'unreadable';
    if (unreadable) reached('I10: one is marked as unreadable');
    if (
      unreadable &&
      (view.status === '' || history.slice(0, mark.index + 1).some((state) => state.fingerprint === fingerprint))
    )
      return;
    const next = history.findIndex((state, index) => index >= mark.index && state.fingerprint === fingerprint);
    this.#record(view, fingerprint, mark);
    if (next >= 0) {
      if (next > mark.index) Object.assign(mark, { index: next, promised: false });
      return;
    }
    i6NeverInvented(claim);
    i4NothingVanishes(claim);
    // One that is marked as last known is not claimed to be the latest that the page has received.
    if (mark.promised && view.stale?.why === 'feed') return;
    i8Applied(claim);
    i2InOrder(claim);
  }

  #record({ request, goneReason }: CampaignView, fingerprint: Fingerprint, mark: Mark): void {
    if (request?.phase === 'pending') reached('I6: shown while an action is pending');
    if (mark.promised) reached('I8: shown after all up to a place was taken in');
    if (mark.fingerprint !== undefined && mark.fingerprint !== fingerprint) {
      reached('I2: a later state is shown');
      if (fingerprint === GONE)
        reached(goneReason === 'vanished' ? 'I4: one goes with a snapshot' : 'I4: one goes with a removal');
    }
    mark.fingerprint = fingerprint;
  }
}

function keyOf({ system, id }: CampaignRef): string {
  return JSON.stringify([system, id]);
}
