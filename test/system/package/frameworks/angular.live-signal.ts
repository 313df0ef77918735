import type { Live } from 'campaign-status-kit';
import { DestroyRef, inject, signal, type Signal } from '@angular/core';

/** The present value of something in the store, as a signal. Call it where `inject` may be called. */
export function liveSignal<T>(live: Live<T>): Signal<T> {
  const value = signal(live.value);
  const subscription = live.subscribe((now) => value.set(now));
  inject(DestroyRef).onDestroy(() => subscription.unsubscribe());
  return value.asReadonly();
}
