import type { CampaignStore } from 'campaign-status-kit';
import { useMemo, type ReactNode } from 'react';
import { useLive } from './use-live.ts';

/** How many campaigns of a system are in an error, in the app's own words: nothing here is an element of the kit. */
export function ErrorCount({ store, system }: { readonly store: CampaignStore; readonly system: string }): ReactNode {
  const list = useMemo(() => store.list(system), [store, system]);
  const { counts } = useLive(list);
  return <p id="errors">In error: {counts.get('error') ?? 0}</p>;
}
