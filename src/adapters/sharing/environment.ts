import { randomId } from '../../util/random-id.ts';

/** The part of Web Locks that sharing uses. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    granted: () => Promise<void>,
  ): Promise<unknown>;
}

/** A channel to the other tabs of the origin. A tab does not receive its own messages. */
export interface TabChannel {
  /** @throws DOMException `DataCloneError` for what can't be copied */
  post(message: unknown): void;
  close(): void;
}

/** The browser features that sharing needs. Replaced in tests. Times are ms. */
export interface SharingEnvironment {
  /** Web Locks; `undefined`: there are none, as on a page that is not secure, or in Node 20. */
  readonly locks: TabLocks | undefined;
  /** Opens a BroadcastChannel; `undefined`: there are none. */
  readonly openChannel: ((name: string, onMessage: (message: unknown) => void) => TabChannel) | undefined;
  /** Wall clock, which continues while the machine sleeps. */
  now(): number;
  /** A clock that can't be set. */
  monotonic(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Calls back when the page is about to be frozen, and when it resumes. Returns a function that stops this. */
  onFreeze(onChange: (frozen: boolean) => void): () => void;
  /** A unique name for this tab. */
  newName(): string;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The globals of a browser, a worker or Node. TypeScript's own types declare all of them as present. */
const around = globalThis as {
  readonly navigator?: { readonly locks?: TabLocks };
  readonly BroadcastChannel?: typeof BroadcastChannel;
  readonly document?: EventTarget;
};

/** The real browser, except for the parts that a test replaces. */
export function sharingEnvironment(replaced: Partial<SharingEnvironment> = {}): SharingEnvironment {
  return {
    locks: around.navigator?.locks,
    openChannel: around.BroadcastChannel && openBroadcastChannel,
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    onFreeze,
    newName: randomId,
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    ...replaced,
  };
}

function openBroadcastChannel(name: string, onMessage: (message: unknown) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: { readonly data: unknown }) => onMessage(data);
  return {
    post: (message) => channel.postMessage(message),
    close: () => {
      channel.onmessage = null;
      channel.close();
    },
  };
}

/** Listens to Page Lifecycle events. Browsers without them do not freeze a page that still answers messages. */
function onFreeze(onChange: (frozen: boolean) => void): () => void {
  const freeze = (): void => onChange(true);
  const resume = (): void => onChange(false);
  around.document?.addEventListener('freeze', freeze);
  around.document?.addEventListener('resume', resume);
  return () => {
    around.document?.removeEventListener('freeze', freeze);
    around.document?.removeEventListener('resume', resume);
  };
}
