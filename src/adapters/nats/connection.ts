import { AdapterError } from '../contract.ts';

/** What came over a connection. */
export interface NatsMessage {
  readonly subject: string;
  readonly reply?: string;
  readonly data: Uint8Array;
  readonly headers?: { readonly code: number; readonly description: string; get(name: string): string };
}

/** What the adapter needs of a connection: those of `@nats-io/nats-core` have it all. */
export interface NatsConnection {
  /** Where replies to this user arrive, if the connection was told so: the server may allow it no other place. */
  readonly options?: { readonly inboxPrefix?: string };
  subscribe(
    subject: string,
    options: { callback(error: Error | null, message: NatsMessage): void },
  ): { unsubscribe(): void };
  publish(subject: string): void;
  request(subject: string, payload: string, options: { timeout: number }): Promise<NatsMessage>;
  status(): AsyncIterable<{ readonly type: string }>;
  close(): Promise<void>;
}

/** A share in the connection, from its taking to its release. */
export interface Share {
  /** @throws AdapterError for a connection that can't be opened */
  readonly connection: Promise<NatsConnection>;
  /** Aborts when what it was taken for is given up; with an AdapterError when the connection is lost, or the time is over. */
  readonly ended: AbortSignal;
  release(): void;
}

/**
 * One connection for everything that is under way: opened for the first who needs it, closed after the last. When it is lost,
 * everything ends at once, and whoever comes next gets a new one.
 *
 * The client's own reconnect is of no use here. While it is away, changes are missed, and nothing tells the one who watches: the
 * server forgets the consumer, and a new one starts wherever the client thinks right. So the first word of a lost connection ends
 * the feed, and the store asks anew from its position: that one way back is the one that proves that nothing was missed.
 */
export class SharedConnection {
  #current: OpenConnection | undefined;

  /**
   * @param open gives a connection
   * @param owned the connection was opened for the adapter, so it is closed after its last use
   */
  constructor(
    private readonly open: () => Promise<NatsConnection>,
    private readonly owned: boolean,
  ) {}

  /**
   * @param signal gives up what it is taken for; the share still has to be released
   * @param ms how long that may take; without it, as long as it likes
   */
  take(signal: AbortSignal, ms?: number): Share {
    if (!this.#current || this.#current.lost) this.#current = new OpenConnection(this.open);
    const current = this.#current;
    const ended = new AbortController();
    const end = (reason: unknown): void => ended.abort(reason);
    const givenUp = (): void => end(signal.reason);
    if (signal.aborted) givenUp();
    signal.addEventListener('abort', givenUp, { once: true });
    current.users.add(end);
    const timer =
      ms === undefined
        ? undefined
        : setTimeout(() => end(new AdapterError('unavailable', `NATS did not answer within ${ms} ms`)), ms);
    return {
      connection: current.connection,
      ended: ended.signal,
      release: () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', givenUp);
        current.users.delete(end);
        if (current.users.size || !this.owned) return;
        if (this.#current === current) this.#current = undefined;
        current.close();
      },
    };
  }
}

/** One connection, until it is lost. */
class OpenConnection {
  readonly connection: Promise<NatsConnection>;
  /** Those who share it: each is told the reason when it is lost. */
  readonly users = new Set<(reason: AdapterError) => void>();
  lost = false;

  constructor(open: () => Promise<NatsConnection>) {
    this.connection = this.#open(open);
    // Whoever shares it hears of it; there may be nobody left to.
    this.connection.catch(() => {});
  }

  close(): void {
    // To a server that does not answer, closing takes as long as the network says; nobody has to wait for it.
    this.connection.then((connection) => connection.close()).catch(() => {});
  }

  async #open(open: () => Promise<NatsConnection>): Promise<NatsConnection> {
    try {
      const connection = (await open()) as NatsConnection | undefined;
      if (typeof connection?.subscribe !== 'function')
        throw new AdapterError(
          'misconfigured',
          'natsAdapter: `connect` must give a connection, such as that of wsconnect()',
        );
      this.#follow(connection).catch(() => {});
      return connection;
    } catch (error) {
      const failure = connectionError(error);
      this.#lose(failure);
      throw failure;
    }
  }

  async #follow(connection: NatsConnection): Promise<void> {
    try {
      for await (const { type } of connection.status()) if (type === 'disconnect' || type === 'close') break;
    } finally {
      this.#lose(new AdapterError('unavailable', 'the connection to NATS was lost'));
    }
  }

  #lose(reason: AdapterError): void {
    this.lost = true;
    for (const tell of this.users) tell(reason);
  }
}

/**
 * The client's errors are known by their names: it may come in several copies, and the adapter imports none.
 *
 * @returns the error of one of these names: this one, or one behind it
 */
export function named(error: unknown, ...names: readonly string[]): { readonly operation?: unknown } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  return names.includes(name as string) ? error : named(cause, ...names);
}

/** What a connection that could not be opened means to the store. */
function connectionError(error: unknown): AdapterError {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name === 'AdapterError') return error as AdapterError;
  const refused = named(error, 'AuthorizationError', 'UserAuthenticationExpiredError');
  const why = typeof message === 'string' && message ? `: ${message}` : '';
  return new AdapterError(refused ? 'unauthenticated' : 'unavailable', `NATS could not be reached${why}`, {
    cause: error,
  });
}
