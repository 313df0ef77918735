import type { Live } from 'campaign-status-kit';
import { onWatcherCleanup, shallowRef, watchEffect, type ShallowRef } from 'vue';

/** The present value of something in the store; `live` is read again whenever what it depends on changes. */
export function useLive<T>(live: () => Live<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(live().value);
  watchEffect(() => {
    const subscription = live().subscribe((now) => (value.value = now));
    onWatcherCleanup(() => subscription.unsubscribe());
  });
  return value;
}
