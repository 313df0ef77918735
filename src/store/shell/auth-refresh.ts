import type { CampaignAdapter } from '../../adapters/contract.ts';
import { describeFailure } from '../core/failure.ts';
import type { Environment } from '../types.ts';

/** A sign-in is renewed at most once in this time (ms): what is refused right after it has another cause. */
const RENEW_EVERY_MS = 30_000;
/** A renewal is not waited for longer than this (ms): a person may be typing, but it may also hang. */
const LONGEST_RENEWAL_MS = 120_000;

/** Renews the user's sign-in, once for everything that found it expired. */
export class AuthRefresh {
  readonly #controller = new AbortController();
  /** Resolves when the renewal under way has ended, or takes too long. */
  #renewing: Promise<boolean> | undefined;
  #renewedAt = -Infinity;
  #timer: unknown;
  #stopWaiting = (): void => {};

  /** @param onRenewed called after each successful renewal */
  constructor(
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly env: Pick<Environment, 'monotonic' | 'setTimeout' | 'clearTimeout'>,
    private readonly onRenewed: () => void,
  ) {}

  /** The sign-in was renewed after a time (monotonic ms). */
  renewedSince(requestedAt: number): boolean {
    return requestedAt < this.#renewedAt;
  }

  /**
   * @param requestedAt when that was requested for which the sign-in had expired, by the monotonic clock
   * @returns whether it makes sense to try again; never rejects. False also if a renewal takes too long: when it succeeds after all,
   * `onRenewed` is called
   */
  renew(requestedAt: number): Promise<boolean> {
    if (this.renewedSince(requestedAt)) return Promise.resolve(true);
    if (this.#renewing) return this.#renewing;
    if (!this.adapter.reauthenticate || this.env.monotonic() - this.#renewedAt < RENEW_EVERY_MS)
      return Promise.resolve(false);
    const renewal = this.#reauthenticate();
    const renewing = (this.#renewing = this.#limited(renewal));
    void renewal.then(() => {
      if (this.#renewing === renewing) this.#renewing = undefined;
    });
    return renewing;
  }

  /** Sends a request; and once more if the sign-in had expired and is renewed. */
  async signedIn<T>(send: () => Promise<T>): Promise<T> {
    const requestedAt = this.env.monotonic();
    try {
      return await send();
    } catch (error) {
      if (describeFailure(error).code !== 'unauthenticated' || !(await this.renew(requestedAt))) throw error;
      return send();
    }
  }

  dispose(): void {
    this.#controller.abort();
    this.env.clearTimeout(this.#timer);
    this.#stopWaiting();
  }

  async #reauthenticate(): Promise<boolean> {
    try {
      await this.adapter.reauthenticate!(this.#controller.signal);
    } catch {
      return false;
    }
    this.#renewedAt = this.env.monotonic();
    // A request that is refused after this renewal needs another one.
    this.#renewing = undefined;
    this.onRenewed();
    return true;
  }

  #limited(renewal: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      this.#stopWaiting = () => resolve(false);
      this.#timer = this.env.setTimeout(this.#stopWaiting, LONGEST_RENEWAL_MS);
      void renewal.then((renewed) => {
        this.env.clearTimeout(this.#timer);
        resolve(renewed);
      });
    });
  }
}
