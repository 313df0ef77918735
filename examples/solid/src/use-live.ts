import type { Live } from 'campaign-status-kit';
import { createMemo, from, type Accessor } from 'solid-js';

/** The present value of something in the store; `live` is read again whenever what it depends on changes. */
export function useLive<T>(live: () => Live<T>): Accessor<T> {
  const value = createMemo(() => {
    const now = live();
    return from(now, now.value);
  });
  return () => value()();
}
