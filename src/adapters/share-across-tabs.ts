import type { CampaignAdapter, CampaignRef, Change, Feed, WatchRequest } from './contract.ts';
import { plainAdapter } from './plain-adapter.ts';
import { sharingEnvironment, type SharingEnvironment } from './sharing/environment.ts';
import { PROTOCOL } from './sharing/messages.ts';
import { type Observer, FeedSubscriber } from './sharing/subscriber.ts';
import { TabCoordinator } from './sharing/tab-coordinator.ts';
import { scopeOf } from '../util/id-scope.ts';

export type { SharingEnvironment, TabChannel, TabLocks } from './sharing/environment.ts';

/** Which tabs share. */
export interface ShareOptions {
  /**
   * **Tabs share only with tabs of the same key. It must differ wherever two tabs may not see the same campaigns: for each user,
   * and for each backend on one origin.** Otherwise a tab that is still signed in as another user shares its rows with the new user.
   * A function is called for each feed; its result is never sent to a server. Default `''`: all tabs of the origin share.
   */
  key?: string | (() => string);
  /** Replaces parts of the browser, for tests. */
  environment?: Partial<SharingEnvironment>;
}

/**
 * Lets all tabs of one origin use one connection per system. Over HTTP/1.1 a browser opens six connections to an origin, for all
 * tabs together: the seventh feed waits, and every action waits behind it. HTTP/2 has no such limit; there this only saves
 * connections of the server.
 *
 * One tab leads: it holds a Web Lock, opens the feed and repeats it to the others over a BroadcastChannel. What you can rely on:
 *
 * - Each tab has a feed that keeps the contract: `open`, snapshot, `synced`, changes, heartbeats and cursors to resume from. Errors,
 *   `retryAfterMs` and clean ends reach all tabs. A tab that joins later gets its snapshot from the leader, without a request.
 * - When the leader is closed, crashes or is frozen by the browser, the next tab takes over at once and resumes from its position.
 *   When the leader hangs, such as in a debugger, a tab takes over after about five seconds of silence; the old connection stays
 *   open until the old leader continues, and then it becomes a follower. No tab receives two feeds mixed.
 * - A tab that asks for the same again without having lost its feed (`store.refresh`, a count that does not match) gets it from
 *   the backend, not from another tab.
 * - Rows are passed on only while the backend keeps its promised heartbeat.
 * - Each tab sends its own actions, reads, diagnoses, logs, histories and sign-ins. `unauthenticated` is reported to all tabs.
 * - While a tab watches nothing it holds no lock, channel or timer, so a hidden page can go into the back/forward cache.
 *
 * What it costs: each tab keeps the rows a second time, unparsed, and for a tab that joins the leader copies all rows once to every
 * tab's channel. The connection watches the union of what the tabs watch, or all campaigns if that is more than twenty; it shrinks
 * only with the next connection. Rows must be plain data. An adapter that counts revisions itself, such as `pollingAdapter`, begins a
 * new epoch with each leader. A store's `verify` finds nothing here, because the tabs answer its second read.
 *
 * Without Web Locks or BroadcastChannel (a page on plain http, Node 20) it returns the adapter itself.
 *
 * @throws TypeError for a value that is no adapter, or a key that is no string; the latter from `watch` if the key is a function
 * @example
 * ```ts
 * const adapter = shareAcrossTabs(httpAdapter({ src: '/api' }), { key: () => session.userId });
 * ```
 */
export function shareAcrossTabs(
  adapter: CampaignAdapter<unknown>,
  options: ShareOptions = {},
): CampaignAdapter<unknown> {
  if (typeof adapter?.watch !== 'function')
    throw new TypeError(
      'shareAcrossTabs: pass an adapter, such as httpAdapter({ src }); what was passed has no watch()',
    );
  const { key = '' } = options;
  if (typeof key !== 'function') checkKey(key);
  const env = sharingEnvironment(options.environment);
  return env.locks && env.openChannel ? plainAdapter(new SharedAdapter(adapter, key, env)) : adapter;
}

class SharedAdapter implements CampaignAdapter<unknown> {
  readonly act: CampaignAdapter<unknown>['act'];
  readonly idempotent?: boolean;
  readonly get?: NonNullable<CampaignAdapter<unknown>['get']>;
  readonly diagnose?: NonNullable<CampaignAdapter<unknown>['diagnose']>;
  readonly log?: NonNullable<CampaignAdapter<unknown>['log']>;
  readonly history?: NonNullable<CampaignAdapter<unknown>['history']>;
  readonly actMany?: NonNullable<CampaignAdapter<unknown>['actMany']>;
  readonly reauthenticate?: NonNullable<CampaignAdapter<unknown>['reauthenticate']>;
  /** By system: the coordinator for its present key. */
  readonly #coordinators = new Map<string, { readonly name: string; readonly coordinator: TabCoordinator }>();

  constructor(
    private readonly adapter: CampaignAdapter<unknown>,
    private readonly key: string | (() => string),
    private readonly env: SharingEnvironment,
  ) {
    this.act = (request) => adapter.act(request);
    if (adapter.idempotent !== undefined) this.idempotent = adapter.idempotent;
    if (adapter.get) this.get = (ref: CampaignRef, signal) => adapter.get!(ref, signal);
    if (adapter.diagnose) this.diagnose = (ref: CampaignRef, signal) => adapter.diagnose!(ref, signal);
    if (adapter.log) this.log = (ref: CampaignRef, signal) => adapter.log!(ref, signal);
    if (adapter.history) this.history = (ref: CampaignRef, page, signal) => adapter.history!(ref, page, signal);
    if (adapter.actMany) this.actMany = (requests) => adapter.actMany!(requests);
    if (adapter.reauthenticate) this.reauthenticate = (signal) => adapter.reauthenticate!(signal);
  }

  watch({ system, ids, since, signal }: WatchRequest): Feed<Change<unknown>> {
    const coordinator = this.#coordinator(system);
    return {
      subscribe: (observer: Observer) => {
        const over = (): void => signal.removeEventListener('abort', aborted);
        const subscriber = new FeedSubscriber(scopeOf(ids), since, {
          next: (change) => observer.next(change),
          error: (error) => {
            over();
            observer.error(error);
          },
          complete: () => {
            over();
            observer.complete();
          },
        });
        const aborted = (): void => {
          if (coordinator.remove(subscriber)) subscriber.end(undefined);
        };
        if (signal.aborted) observer.complete();
        else {
          signal.addEventListener('abort', aborted, { once: true });
          coordinator.add(subscriber);
        }
        return {
          unsubscribe: () => {
            over();
            coordinator.remove(subscriber);
          },
        };
      },
    };
  }

  /** A new key gets a new coordinator, so that the rows of another user are dropped. */
  #coordinator(system: string): TabCoordinator {
    const key = checkKey(typeof this.key === 'function' ? this.key() : this.key);
    const name = `campaign-status-kit/share/${PROTOCOL}/${JSON.stringify([key, system])}`;
    const known = this.#coordinators.get(system);
    if (known?.name === name) return known.coordinator;
    const coordinator = new TabCoordinator(name, system, this.adapter, this.env);
    this.#coordinators.set(system, { name, coordinator });
    return coordinator;
  }
}

function checkKey(key: unknown): string {
  if (typeof key === 'string') return key;
  throw new TypeError(
    `shareAcrossTabs: the key must be a string, got ${String(key)}; give the user's id, as String(id)`,
  );
}
