import type { CampaignAdapter } from '../adapters/contract.ts';

/** Renews the user's sign-in, once for all feeds and actions that found it expired. */
export class Session {
  readonly #controller = new AbortController();
  #renewing: Promise<boolean> | undefined;

  constructor(
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly renewed: () => void,
  ) {}

  /** @returns whether it makes sense to try again; never rejects */
  renew(): Promise<boolean> {
    if (!this.adapter.reauthenticate) return Promise.resolve(false);
    this.#renewing ??= this.#ask().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  dispose(): void {
    this.#controller.abort();
  }

  async #ask(): Promise<boolean> {
    try {
      await this.adapter.reauthenticate!(this.#controller.signal);
      this.renewed();
      return true;
    } catch {
      return false;
    }
  }
}
