import { randomId } from '../../util/random-id.ts';

/** The part of Web Locks that sharing uses. */
export interface TabLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    granted: () => Promise<void>,
  ): Promise<unknown>;
}

/** A line to the other tabs of the origin. What a tab says it does not hear itself. */
export interface TabChannel {
  /** @throws DOMException `DataCloneError` for what can't be copied */
  post(message: unknown): void;
  close(): void;
}

/** What sharing needs of a browser. Replaced in tests. Times are ms. */
export interface SharingEnvironment {
  /** Web Locks; `undefined`: there are none, as on a page that is not secure, or in Node 20. */
  readonly locks: TabLocks | undefined;
  /** Opens a BroadcastChannel; `undefined`: there are none. */
  readonly openChannel: ((name: string, onMessage: (message: unknown) => void) => TabChannel) | undefined;
  /** By the clock on the wall, which goes on while the machine sleeps. */
  now(): number;
  /** By a clock that nobody sets. */
  monotonic(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Tells when the page is about to be frozen, and when it wakes. Returns how to stop. */
  onFreeze(onChange: (frozen: boolean) => void): () => void;
  /** A name that no other tab has. */
  newName(): string;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** What a browser, a worker or Node has of it; the types say that everything is there. */
const around = globalThis as {
  readonly navigator?: { readonly locks?: TabLocks };
  readonly BroadcastChannel?: typeof BroadcastChannel;
  readonly document?: EventTarget;
};

/** The real browser, with whatever a test puts in place of its parts. */
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

/** Page Lifecycle events; browsers that don't have them don't freeze pages while their messages are still answered. */
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
