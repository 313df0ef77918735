import type { CampaignRef } from '../../adapters/contract.ts';
import { statusView, type Circumstances, type Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignView } from '../../store/face.ts';

/** What a host writes on an element that has no store. */
export interface PlainFacts extends Circumstances {
  readonly status: string;
  readonly message?: string | undefined;
  readonly name?: string | undefined;
  /** ms since 1970 */
  readonly at?: number | undefined;
}

/** The view of a campaign that a host describes by attributes: the same derivation as the store's, from a smaller record. */
export function plainView(ref: CampaignRef, lifecycle: Lifecycle | undefined, facts: PlainFacts): CampaignView {
  return {
    ref,
    presence: 'present',
    ...statusView(lifecycle, facts.status, facts),
    name: facts.name || ref.id,
    message: facts.message ?? '',
    truncated: false,
    ...(facts.at === undefined ? {} : { at: facts.at }),
  };
}
