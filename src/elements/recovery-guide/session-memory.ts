import type { CampaignRef } from '../../adapters/contract.ts';
import type { CampaignStore } from '../../store/types.ts';
import type { RecoverySession } from './recovery-session.ts';

/** The recovery sessions of the campaigns of one store, or of one element without a store. */
export class SessionMemory {
  static readonly #ofStore = new WeakMap<CampaignStore, SessionMemory>();
  readonly #sessions = new Map<string, RecoverySession>();

  /** A store's memory outlives the guide: a page that is left for the host's channels, and come back to, still knows its steps. */
  static of(store: CampaignStore): SessionMemory {
    let memory = SessionMemory.#ofStore.get(store);
    if (!memory) SessionMemory.#ofStore.set(store, (memory = new SessionMemory()));
    return memory;
  }

  get({ system, id }: CampaignRef): RecoverySession | undefined {
    return this.#sessions.get(JSON.stringify([system, id]));
  }

  set({ system, id }: CampaignRef, session: RecoverySession | undefined): void {
    const key = JSON.stringify([system, id]);
    if (session) this.#sessions.set(key, session);
    else this.#sessions.delete(key);
  }
}
