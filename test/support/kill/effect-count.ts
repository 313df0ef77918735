/**
 * Counts in the page, from before its first script: the timers and listeners that the kit holds, and the clicks,
 * requests and outcomes of its buttons.
 */
import type { Page } from 'puppeteer-core';

/** A request that a button made, or the outcome of one. */
interface ActionNote {
  readonly id: string;
  readonly action: string;
  /** Set for outcomes only. */
  readonly outcome?: string;
}

/** The timers and listeners that are still registered. */
export interface Held {
  /** Timeouts, intervals and frames that have yet to run. */
  readonly timers: number;
  /** Listeners on targets that outlive an element (window, document, media queries, signals, …), by target and type. */
  readonly listeners: Readonly<Record<string, number>>;
}

/** Clicks, requests and outcomes, each in order. */
export interface Notes {
  /** The campaigns whose buttons were clicked. */
  readonly clicks: readonly string[];
  readonly requests: readonly ActionNote[];
  readonly outcomes: readonly ActionNote[];
}

interface PageCounts extends Notes {
  readonly held: () => Held;
}

/** Starts counting in every document of the page. Call it before anything is loaded. */
export async function countPage(page: Page): Promise<void> {
  // tsx names functions with a helper that does not exist in the page.
  await page.evaluateOnNewDocument('globalThis.__name = (f) => f');
  await page.evaluateOnNewDocument(install);
}

export function countsIn(page: Page): Promise<Held> {
  return page.evaluate(() => (globalThis as unknown as { pageCounts: PageCounts }).pageCounts.held());
}

export function notedIn(page: Page): Promise<Notes> {
  return page.evaluate(() => {
    const { clicks, requests, outcomes } = (globalThis as unknown as { pageCounts: PageCounts }).pageCounts;
    return { clicks, requests, outcomes };
  });
}

/** Runs in the page. */
function install(): void {
  const timers = new Set<string>();
  const wrapTimer = (
    set: 'setTimeout' | 'setInterval' | 'requestAnimationFrame',
    clear: string,
    once: boolean,
  ): void => {
    const world = window as unknown as Record<string, (...args: unknown[]) => number>;
    const [setNative, clearNative] = [world[set]!.bind(window), world[clear]!.bind(window)];
    world[set] = (run, ...rest) => {
      const id = setNative(
        (...args: unknown[]) => {
          if (once) timers.delete(`${set} ${id}`);
          (run as (...args: unknown[]) => void)(...args);
        },
        ...rest,
      );
      timers.add(`${set} ${id}`);
      return id;
    };
    world[clear] = (id) => {
      timers.delete(`${set} ${String(id)}`);
      return clearNative(id);
    };
  };
  wrapTimer('setTimeout', 'clearTimeout', true);
  wrapTimer('setInterval', 'clearInterval', false);
  wrapTimer('requestAnimationFrame', 'cancelAnimationFrame', true);

  interface RegisteredListener {
    readonly type: string;
    readonly listener: unknown;
    readonly capture: boolean;
    readonly wrapped: EventListener;
  }
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const listeners = new WeakMap<EventTarget, RegisteredListener[]>();
  const counts = new Map<string, number>();
  const captures = (options: unknown): boolean =>
    typeof options === 'object' && options !== null ? !!(options as AddEventListenerOptions).capture : !!options;
  /** A listener on an element goes with the element, so it is no leak. */
  const outlives = (target: EventTarget): boolean =>
    !(target instanceof Node) ||
    target instanceof Document ||
    target === document.documentElement ||
    target === document.body;
  const count = (target: EventTarget, type: string, by: number): void => {
    const key = `${target.constructor.name} ${type}`;
    const now = (counts.get(key) ?? 0) + by;
    if (now) counts.set(key, now);
    else counts.delete(key);
  };
  const drop = (target: EventTarget, one: RegisteredListener): void => {
    const all = listeners.get(target) ?? [];
    if (!all.includes(one)) return;
    listeners.set(
      target,
      all.filter((other) => other !== one),
    );
    count(target, one.type, -1);
  };
  EventTarget.prototype.addEventListener = function (this: EventTarget | undefined, type, listener, options) {
    const target = this ?? window;
    if (!listener || !outlives(target)) return add.call(target, type, listener, options);
    const { once = false, signal } = typeof options === 'object' && options !== null ? options : {};
    const capture = captures(options);
    const all = listeners.get(target) ?? [];
    if (signal?.aborted || all.some((one) => one.type === type && one.listener === listener && one.capture === capture))
      return;
    const wrapped: EventListener = function (this: unknown, event) {
      if (once) drop(target, one);
      if (typeof listener === 'function') listener.call(target, event);
      else listener.handleEvent(event);
    };
    const one: RegisteredListener = { type, listener, capture, wrapped };
    listeners.set(target, [...all, one]);
    count(target, type, 1);
    if (signal) add.call(signal, 'abort', () => drop(target, one), { once: true });
    return add.call(target, type, wrapped, options);
  };
  EventTarget.prototype.removeEventListener = function (this: EventTarget | undefined, type, listener, options) {
    const target = this ?? window;
    const capture = captures(options);
    const one = listeners
      .get(target)
      ?.find((each) => each.type === type && each.listener === listener && each.capture === capture);
    if (!one) return remove.call(target, type, listener, options);
    drop(target, one);
    return remove.call(target, type, one.wrapped, options);
  };

  const clicks: string[] = [];
  const requests: ActionNote[] = [];
  const outcomes: ActionNote[] = [];
  add.call(
    window,
    'click',
    (event) => {
      for (const node of event.composedPath())
        if (node instanceof HTMLElement && node.localName === 'campaign-action-button')
          clicks.push((node as HTMLElement & { campaignId: string }).campaignId);
    },
    { capture: true },
  );
  for (const [type, notes] of [
    ['campaign-action', requests],
    ['campaign-outcome', outcomes],
  ] as const)
    add.call(
      window,
      type,
      (event) => {
        const { ref, action, outcome } = (
          event as CustomEvent<{ ref: { id: string }; action: string; outcome?: string }>
        ).detail;
        notes.push({ id: ref.id, action, ...(outcome === undefined ? {} : { outcome }) });
      },
      { capture: true },
    );
  const pageCounts: PageCounts = {
    held: () => ({ timers: timers.size, listeners: Object.fromEntries(counts) }),
    clicks,
    requests,
    outcomes,
  };
  Object.assign(globalThis, { pageCounts });
}
