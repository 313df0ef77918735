import type { CampaignAdapter, CampaignRef, Change, Feed, WatchRequest } from './contract.ts';
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
   * and for each backend on one origin.** A tab that is still signed in as somebody else would show its rows to the new user.
   * A function is asked anew for each feed; its answer is never sent anywhere. Default `''`: all tabs of the origin share.
   */
  key?: string | (() => string);
  /** In place of parts of the browser, for tests. */
  environment?: Partial<SharingEnvironment>;
}

/**
 * Lets all tabs of one origin use one connection per system. Over HTTP/1.1 a browser opens six connections to an origin, for all
 * tabs together: the seventh feed waits, and with it every action, unsent. Where the backend speaks HTTP/2 there is no such
 * limit, and this saves the server's connections only.
 *
 * One tab leads: it holds a Web Lock, opens the feed and repeats it to the others over a BroadcastChannel. What is promised:
 *
 * - Each tab has a feed that keeps the contract, as if it were alone: `open`, snapshot, `synced`, changes, heartbeats, cursors
 *   to go on from; errors, `retryAfterMs` and clean ends reach all tabs. A tab that comes later gets its snapshot from the
 *   leader, without a request.
 * - A leader that is closed, crashes or is frozen by the browser is followed by the next tab at once, which goes on from its
 *   position. One that stands still without a word, such as in a debugger, is followed within about five seconds of silence; its
 *   connection stays open until it wakes, and then it follows. No tab ever hears two feeds mixed.
 * - A tab that asks for the same again without having lost its feed (`store.refresh`, a count that does not match) gets it from
 *   the backend, not from another tab.
 * - Memory serves no lie: rows are passed on only while the backend keeps its promised heartbeat.
 * - Actions, readings, diagnoses, logs, histories and sign-ins go from each tab by itself. `unauthenticated` is told to all tabs.
 * - While a tab watches nothing it holds no lock, channel or timer; a hidden page can be put away for the back button.
 *
 * What it costs: each tab keeps the rows a second time, as they came; a tab that joins makes the leader copy all rows once to
 * every tab's channel. The union of what tabs watch is watched, all campaigns when that is more than twenty; it shrinks only when
 * another connection is made. Rows must be plain data. An adapter that numbers changes by itself, such as `pollingAdapter`,
 * begins a new epoch with each leader. A store's `verify` finds nothing here: it is told what the tabs have.
 *
 * Without Web Locks or BroadcastChannel (a page on plain http, Node 20) it is the adapter itself.
 *
 * @throws TypeError for what is no adapter, or a key that is no string; the latter from `watch` if the key is a function
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
  return env.locks && env.openChannel ? new SharedAdapter(adapter, key, env) : adapter;
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
  /** By system: the room of its present key. */
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

  /** What another user's tabs know is forgotten with their room. */
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
