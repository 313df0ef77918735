import type { Context } from '@lit/context';
import type { CampaignStore } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';
import type { Announce } from '../a11y/announce.ts';
import type { Routes } from '../../routes.ts';

/** What a provider gives to the elements inside it. */
export interface Settings {
  /** The store. Elements ask for {@link storeContext} only where settings do not have this field. */
  readonly store?: CampaignStore | undefined;
  /** Formats the texts that elements show and announce. */
  readonly i18n: Localizer;
  /** The host's pages. */
  readonly routes: Routes;
  /** Announces through the document's one live region. */
  readonly announce: Announce;
}

/** The store of the nearest provider. The number is the major version of the store's API, so that any copy of the kit finds it. */
export const storeContext = Symbol.for('campaign-status-kit/store/1') as Context<symbol, CampaignStore | undefined>;

/** The settings of the nearest provider. */
export const settingsContext = Symbol.for('campaign-status-kit/settings/1') as Context<symbol, Settings | undefined>;
