import { createContext } from '@lit/context';
import type { CampaignStore } from '../../../store/types.ts';
import type { Localizer } from '../../../i18n/index.ts';
import type { Announce } from '../a11y/announcer.ts';
import type { Routes } from '../../routes.ts';

/** What a provider gives to the elements inside it, besides the store. */
export interface Settings {
  /** Formats the texts that elements show and announce. */
  readonly i18n: Localizer;
  /** The host's pages. */
  readonly routes: Routes;
  /** Announces through the document's one live region. */
  readonly announce: Announce;
}

/** The store of the nearest provider. The number is the major version of the store's API, so that any copy of the kit finds it. */
export const storeContext = createContext<CampaignStore | undefined, symbol>(Symbol.for('campaign-status-kit/store/1'));

/** The settings of the nearest provider. */
export const settingsContext = createContext<Settings | undefined, symbol>(
  Symbol.for('campaign-status-kit/settings/1'),
);
