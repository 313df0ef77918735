import { RunEnded } from './rule-errors.ts';

/** A wait is split into this many parts. A stalled process uses up only one of them: nothing can arrive while it stalls. */
const PARTS = 10;

/** Waits for a promise, but not for longer than `ms`. @throws what it rejects with; `late` after that time; RunEnded once `signal` aborts */
export async function within<T>(ms: number, promise: Promise<T>, late: Error, signal?: AbortSignal): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const wait = (parts: number): void => {
      timer = setTimeout(() => (parts === 1 ? reject(late) : wait(parts - 1)), Math.ceil(ms / PARTS));
    };
    wait(PARTS);
    end = () => reject(new RunEnded());
  });
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Waits. @param ms how long */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
