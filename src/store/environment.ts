import type { SchedulerLike } from 'rxjs';
import { nextFrame } from './observe/notifier.ts';
import type { Environment } from './types.ts';

/** The parts of a browser that the store uses. They are optional, because the store also runs in Node. */
interface Surroundings {
  document?: EventTarget & { readonly visibilityState: string };
  navigator?: { readonly onLine?: boolean };
  addEventListener?: EventTarget['addEventListener'];
  removeEventListener?: EventTarget['removeEventListener'];
}

const around = globalThis as Surroundings;

/** The real page, if there is one. */
class Page extends EventTarget {
  get visible(): boolean {
    return around.document?.visibilityState !== 'hidden';
  }

  get online(): boolean {
    return around.navigator?.onLine !== false;
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    (args[0] === 'visibilitychange' ? around.document : around)?.addEventListener?.(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    (args[0] === 'visibilitychange' ? around.document : around)?.removeEventListener?.(...args);
  }
}

/** The real clock, timers and page, except for the parts that a test replaces. */
export function completeEnvironment(replaced: Partial<Environment> = {}): Environment {
  return {
    now: Date.now,
    monotonic: performance.now.bind(performance),
    random: Math.random,
    frame: nextFrame,
    page: new Page(),
    setTimeout: (f, ms) => globalThis.setTimeout(f, ms),
    clearTimeout: (timer) => globalThis.clearTimeout(timer as ReturnType<typeof setTimeout>),
    ...replaced,
  };
}

/**
 * Clock and timers of an RxJS scheduler, such as a `VirtualTimeScheduler` or a `TestScheduler`: pass them as the store's
 * `environment`, and its time is the scheduler's.
 */
export function schedulerEnvironment(
  scheduler: SchedulerLike,
): Pick<Environment, 'now' | 'monotonic' | 'frame' | 'setTimeout' | 'clearTimeout'> {
  const now = (): number => scheduler.now();
  return {
    now,
    monotonic: now,
    frame: (f) => void scheduler.schedule(f),
    setTimeout: (f, ms) => scheduler.schedule(f, ms),
    clearTimeout: (timer) => (timer as { unsubscribe(): void } | undefined)?.unsubscribe(),
  };
}
