import type { Environment } from './types.ts';

/** The parts of a browser that the store uses. They are optional, because the store also runs in Node. */
interface Surroundings {
  document?: EventTarget & { readonly visibilityState: string };
  navigator?: { readonly onLine?: boolean };
  requestAnimationFrame?(f: () => void): unknown;
  addEventListener?: EventTarget['addEventListener'];
  removeEventListener?: EventTarget['removeEventListener'];
}

/** A hidden page gets no frames, so observers are notified after this time (ms) at the latest. */
const LATEST_FRAME_MS = 100;

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
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    frame: nextFrame,
    page: new Page(),
    setTimeout: (f, ms) => globalThis.setTimeout(f, ms),
    clearTimeout: (timer) => globalThis.clearTimeout(timer as ReturnType<typeof setTimeout>),
    ...replaced,
  };
}

function nextFrame(f: () => void): void {
  if (!around.requestAnimationFrame) {
    globalThis.setTimeout(f, 0);
    return;
  }
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    globalThis.clearTimeout(timer);
    f();
  };
  const timer = globalThis.setTimeout(once, LATEST_FRAME_MS);
  around.requestAnimationFrame(once);
}
