import type { Environment } from './types.ts';

/** The parts of a browser that the store looks at, where there are any: it also runs in plain Node. */
interface Surroundings {
  document?: EventTarget & { readonly visibilityState: string };
  navigator?: { readonly onLine?: boolean };
  requestAnimationFrame?(f: () => void): unknown;
  addEventListener?: EventTarget['addEventListener'];
  removeEventListener?: EventTarget['removeEventListener'];
}

/** A frame that does not come (the page is being hidden) is not waited for longer than this (ms). */
const LATEST_FRAME_MS = 100;

const around = globalThis as Surroundings;

/** Listens to the real page, if there is one. */
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

/** The real clock, timers and page, with whatever a test puts in their place. */
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
