import type { JSX } from 'solid-js';
import { store } from './store.ts';
import { useLive } from './use-live.ts';

/** How many campaigns of a system are in an error, in the app's own words: nothing here is an element of the kit. */
export function ErrorCount(props: { readonly system: string }): JSX.Element {
  const list = useLive(() => store.list(props.system));
  return <p id="errors">In error: {list().counts.get('error') ?? 0}</p>;
}
