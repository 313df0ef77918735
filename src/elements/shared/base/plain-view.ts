import type { CampaignRef } from '../../../adapters/contract.ts';
import { statusView, type Circumstances, type Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignView } from '../../../store/types.ts';

/** The length to which the store cuts messages. */
const MESSAGE_MAX = 16_384;

/** The attributes of an element without a store. */
export interface PlainFacts extends Circumstances {
  readonly status: string;
  readonly message?: string | undefined;
  readonly name?: string | undefined;
  /** ms since 1970 */
  readonly at?: number | undefined;
}

/** The view of a campaign that a host describes by attributes: the same derivation as the store's, from a smaller record. */
export function plainView(ref: CampaignRef, lifecycle: Lifecycle | undefined, facts: PlainFacts): CampaignView {
  const message = facts.message ?? '';
  return {
    ref,
    presence: 'present',
    ...statusView(lifecycle, facts.status, facts),
    name: facts.name || ref.id,
    message: message.slice(0, MESSAGE_MAX),
    truncated: message.length > MESSAGE_MAX,
    ...(facts.at === undefined ? {} : { at: facts.at }),
  };
}
