import { landings, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView } from '../../../store/types.ts';

/**
 * True if the user of this page requested this change: then the pressed button has already announced it.
 *
 * @param view the campaign now
 * @param before the campaign just before
 */
export function isOwnRequest(view: CampaignView, before: CampaignView, lifecycle: Lifecycle | undefined): boolean {
  const pending = before.request?.phase === 'pending' ? before.request : undefined;
  if (!pending) return false;
  const phase = view.request?.phase;
  if (phase === 'done' || phase === 'conflict') return true;
  return lifecycle !== undefined && landings(lifecycle, before.status, pending.action).includes(view.status);
}
