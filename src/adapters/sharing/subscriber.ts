import type { Change, Position } from '../contract.ts';
import { filterChange } from './filter-change.ts';
import type { Scope } from '../../util/id-scope.ts';

/** Receives the changes of a feed. */
export interface Observer {
  next(change: Change<unknown>): void;
  error(error: unknown): void;
  complete(): void;
}

/** One `watch` of this tab. */
export class FeedSubscriber {
  /** How far it is: nothing received, in a snapshot, in a resume, or live. */
  phase: 'nothing' | 'snapshot' | 'resume' | 'live' = 'nothing';
  /** The heartbeat it was promised, in ms. */
  heartbeatMs: number | undefined;
  /** Set if it wants the backend's state, not that of the tabs: by resuming from their position, or by a new snapshot. */
  renew: 'resume' | 'snapshot' | undefined;

  constructor(
    readonly scope: Scope,
    readonly since: Position | undefined,
    private readonly observer: Observer,
  ) {}

  emit(change: Change<unknown>): void {
    guarded(() => {
      const part = filterChange(change, this.scope);
      if (part !== undefined) this.observer.next(part);
    });
  }

  /** @param error `undefined`: a clean end */
  end(error: unknown): void {
    guarded(() => (error === undefined ? this.observer.complete() : this.observer.error(error)));
  }
}

/** Rethrows an error in a task of its own: it affects no other subscriber, and is still reported. */
function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
