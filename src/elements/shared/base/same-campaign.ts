import type { CampaignRef } from '../../../adapters/contract.ts';

/** Whether two references name the same campaign. */
export function sameCampaign(one: CampaignRef, other: CampaignRef): boolean {
  return one.id === other.id && one.system === other.system;
}
