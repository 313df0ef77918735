import type { CampaignRef } from '../../adapters/contract.ts';
import type { CampaignStore } from '../../store/types.ts';
import type { Episode } from './recovery-session.ts';

/** The episodes of the campaigns that a store, or one element without store, shows. */
export class Memory {
  static readonly #ofStore = new WeakMap<CampaignStore, Memory>();
  readonly #episodes = new Map<string, Episode>();

  /** A store's memory outlives the guide: a page that is left for the host's channels, and come back to, still knows its steps. */
  static of(store: CampaignStore): Memory {
    let memory = Memory.#ofStore.get(store);
    if (!memory) Memory.#ofStore.set(store, (memory = new Memory()));
    return memory;
  }

  get({ system, id }: CampaignRef): Episode | undefined {
    return this.#episodes.get(JSON.stringify([system, id]));
  }

  set({ system, id }: CampaignRef, episode: Episode | undefined): void {
    const key = JSON.stringify([system, id]);
    if (episode) this.#episodes.set(key, episode);
    else this.#episodes.delete(key);
  }
}
