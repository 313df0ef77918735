import { landings, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView } from '../../../store/types.ts';

/**
 * Is this change what the user of this page asked for? Then the button that was pressed has already said so.
 *
 * @param view the campaign now
 * @param before the campaign just before
 */
export function isOwnRequest(view: CampaignView, before: CampaignView, lifecycle: Lifecycle | undefined): boolean {
  const asked = before.request?.phase === 'pending' ? before.request : undefined;
  if (!asked) return false;
  const phase = view.request?.phase;
  if (phase === 'done' || phase === 'conflict') return true;
  return lifecycle !== undefined && landings(lifecycle, before.status, asked.action).includes(view.status);
}
