import type { CampaignAdapter } from '../../adapters/contract.ts';
import type { Environment } from '../types.ts';
import { describeFailure } from './errors.ts';

/** A sign-in is renewed at most once in this time (ms): what is refused right after it has another cause. */
const RENEW_EVERY_MS = 30_000;

/** Renews the user's sign-in, once for everything that found it expired. */
export class AuthRefresh {
  readonly #controller = new AbortController();
  #renewing: Promise<boolean> | undefined;
  #renewedAt = -Infinity;

  constructor(
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly env: Pick<Environment, 'monotonic'>,
    private readonly onRenewed: () => void,
  ) {}

  /**
   * @param requestedAt when the request was sent that failed because the sign-in had expired, by the monotonic clock
   * @returns whether it makes sense to try again; never rejects
   */
  renew(requestedAt: number): Promise<boolean> {
    if (requestedAt < this.#renewedAt) return Promise.resolve(true);
    if (this.#renewing) return this.#renewing;
    if (!this.adapter.reauthenticate || this.env.monotonic() - this.#renewedAt < RENEW_EVERY_MS)
      return Promise.resolve(false);
    return (this.#renewing = this.#reauthenticate().finally(() => (this.#renewing = undefined)));
  }

  /** Sends a request, and sends it again if the sign-in had expired and was renewed. */
  async signedIn<T>(request: () => Promise<T>): Promise<T> {
    const requestedAt = this.env.monotonic();
    try {
      return await request();
    } catch (error) {
      if (describeFailure(error).code !== 'unauthenticated' || !(await this.renew(requestedAt))) throw error;
      return request();
    }
  }

  dispose(): void {
    this.#controller.abort();
  }

  async #reauthenticate(): Promise<boolean> {
    try {
      await this.adapter.reauthenticate!(this.#controller.signal);
    } catch {
      return false;
    }
    this.#renewedAt = this.env.monotonic();
    // Whoever goes on now and is refused again is not answered by this renewal.
    this.#renewing = undefined;
    this.onRenewed();
    return true;
  }
}
