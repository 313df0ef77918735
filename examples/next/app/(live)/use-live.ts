import type { Live } from 'campaign-status-kit';
import { useCallback, useSyncExternalStore } from 'react';

/** The present value of something in the store. The component renders again when it changes. */
export function useLive<T>(live: Live<T>): T {
  const subscribe = useCallback(
    (changed: () => void) => {
      const subscription = live.subscribe(changed);
      return () => subscription.unsubscribe();
    },
    [live],
  );
  return useSyncExternalStore(subscribe, () => live.value);
}
