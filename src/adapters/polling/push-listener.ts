import { backoff } from '../../util/backoff.ts';
import { isAbsent } from '../../util/is-absent.ts';
import { sleep } from '../../util/sleep.ts';
import type { Feed } from '../contract.ts';
import { readFeed } from '../read-feed.ts';
import { describeValue, type PolledPush } from './options.ts';
import { idOf } from './revision-log.ts';

/** A connection that lasted this long (ms) was healthy: the pauses start over. */
const HEALTHY_MS = 30_000;
/** No Retry-After counts for longer than this (ms). */
const LONGEST_WAIT_MS = 3_600_000;

/** Receives the pushes of a backend. */
interface PushReceiver {
  /** The connection has opened or ended. */
  listening(isListening: boolean): void;
  /** @param ids the campaigns that changed; `undefined`: it is not known which */
  push(ids: readonly string[] | undefined): void;
  /** The connection has failed or ended before the first value. @param error `undefined`: it ended */
  failedToOpen(error: unknown): void;
}

/** Receives pushes until `signal` aborts, and connects again with growing pauses. */
export async function receivePushes(
  system: string,
  listen: (signal: AbortSignal) => Feed<PolledPush>,
  signal: AbortSignal,
  receiver: PushReceiver,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    let isHealthy = false;
    const healthy = setTimeout(() => (isHealthy = true), HEALTHY_MS);
    const { error, wasOpen } = await receiveOnce(system, listen, signal, receiver);
    clearTimeout(healthy);
    if (signal.aborted) return;
    if (wasOpen) receiver.listening(false);
    else receiver.failedToOpen(error);
    if (wasOpen && isHealthy) failures = 0;
    const { retryAfterMs } = (error ?? {}) as { retryAfterMs?: unknown };
    const least = typeof retryAfterMs === 'number' ? Math.min(retryAfterMs, LONGEST_WAIT_MS) : 0;
    await sleep(Math.max(least, backoff(failures, Math.random())), signal);
  }
}

/** How a connection ended. */
interface Ended {
  /** `undefined` for a clean end, and when the signal aborted. */
  readonly error: unknown;
  readonly wasOpen: boolean;
}

/** Receives pushes until the connection ends or `signal` aborts. Never rejects. */
function receiveOnce(
  system: string,
  listen: (signal: AbortSignal) => Feed<PolledPush>,
  signal: AbortSignal,
  receiver: PushReceiver,
): Promise<Ended> {
  return new Promise((resolve) => {
    const connection = new AbortController();
    let wasOpen = false;
    const end = (error?: unknown): void => {
      signal.removeEventListener('abort', stop);
      connection.abort();
      resolve({ error, wasOpen });
    };
    const stop = (): void => end();
    signal.addEventListener('abort', stop, { once: true });
    readFeed(() => listen(connection.signal), connection.signal, {
      onValue: (push) => {
        const ids = idsIn(push, system);
        if (!wasOpen) {
          wasOpen = true;
          receiver.listening(true);
          // What changed before the connection opened was not pushed.
          receiver.push(undefined);
        }
        receiver.push(ids);
      },
      onEnd: end,
    });
  });
}

/** The ids that a push names; `undefined` if one is not readable. @throws TypeError for a value that is no push */
function idsIn(push: unknown, system: string): readonly string[] | undefined {
  if (isAbsent(push)) return undefined;
  if (!Array.isArray(push))
    throw new TypeError(
      `listen(${JSON.stringify(system)}) must yield lists of ids or rows, or undefined, got ${describeValue(push)}`,
    );
  const ids: string[] = [];
  for (const item of push as readonly unknown[]) {
    const row = typeof item === 'string' ? { id: item } : item;
    const { system: own } = (row ?? {}) as { system?: unknown };
    if (!isAbsent(own) && own !== system) continue;
    const id = idOf(row, system);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}
