import type { CampaignRef } from '../../../adapters/contract.ts';
import type { Localizer } from '../../../i18n/index.ts';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { CampaignStore, CampaignView } from '../../../store/types.ts';

/** The campaign whose history can be shown. */
export interface HistorySubject {
  readonly source: CampaignStore;
  readonly ref: CampaignRef;
  readonly i18n: Localizer;
  readonly lifecycle: Lifecycle | undefined;
}

/** The campaign that an element shows, if the store can read its history. */
export function historySubject({
  source,
  connected,
  view,
  ...subject
}: Omit<HistorySubject, 'source'> & {
  readonly source: CampaignStore | undefined;
  /** The campaign comes from the store. */
  readonly connected: boolean;
  readonly view: CampaignView | undefined;
}): HistorySubject | undefined {
  return source && connected && view?.presence !== 'absent' ? { source, ...subject } : undefined;
}
