import type { Change, Position } from '../contract.ts';
import { filterChange } from './filter-change.ts';
import type { Scope } from '../../util/id-scope.ts';

/** Whoever subscribed to a feed. */
export interface Observer {
  next(change: Change<unknown>): void;
  error(error: unknown): void;
  complete(): void;
}

/** One watch of this tab. */
export class FeedSubscriber {
  /** How far it is: it follows a snapshot or a catch-up that is under way, or is live. */
  phase: 'nothing' | 'snapshot' | 'resume' | 'live' = 'nothing';
  /** The heartbeat it was promised, in ms. */
  heartbeatMs: number | undefined;
  /** It does not trust what the tabs have, and wants it from the backend: from where they are, or all of it. */
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

/** What one reader throws hurts no other, and is not hidden. */
function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
