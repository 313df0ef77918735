import { AdapterError } from '../contract.ts';

/** A message from a connection. */
export interface NatsMessage {
  readonly subject: string;
  readonly reply?: string;
  readonly data: Uint8Array;
  readonly headers?: { readonly code: number; readonly description: string; get(name: string): string };
}

/** The part of a connection that the adapter uses; connections of `@nats-io/nats-core` have it. */
export interface NatsConnection {
  /** The subject prefix of replies to this user, if one was set: the server may allow no other. */
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

/** One use of the shared connection, until it is released. */
export interface Share {
  /** Rejects with an AdapterError if the connection can't be opened. */
  readonly connection: Promise<NatsConnection>;
  /** Aborts with the caller's signal; with an AdapterError when the connection is lost or the time is over. */
  readonly ended: AbortSignal;
  release(): void;
}

/**
 * One connection for all feeds and requests: opened for the first user, closed after the last. When it is lost, all of them end at
 * once, and the next user gets a new one.
 *
 * The client's own reconnect is not used. Changes are missed while it is away, and it does not report them: the server drops the
 * consumer, and the client starts a new one at a place of its own choice. So the first sign of a lost connection ends the feed, and
 * the store resumes from its position, which proves that nothing was missed.
 */
export class SharedConnection {
  #current: OpenConnection | undefined;

  /**
   * @param open opens a connection
   * @param owned the connection was opened for the adapter, so it is closed after its last use
   */
  constructor(
    private readonly open: () => Promise<NatsConnection>,
    private readonly owned: boolean,
  ) {}

  /**
   * @param signal ends the use early; the share still has to be released
   * @param ms timeout; absent: none
   */
  take(signal: AbortSignal, ms?: number): Share {
    if (!this.#current || this.#current.lost) this.#current = new OpenConnection(this.open);
    const current = this.#current;
    const ended = new AbortController();
    const end = (reason: unknown): void => ended.abort(reason);
    const onAbort = (): void => end(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
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
        signal.removeEventListener('abort', onAbort);
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
  /** Called with the reason when the connection is lost, one for each share. */
  readonly users = new Set<(reason: AdapterError) => void>();
  lost = false;

  constructor(open: () => Promise<NatsConnection>) {
    this.connection = this.#open(open);
    // Each share handles the rejection; there may be none left.
    this.connection.catch(() => {});
  }

  close(): void {
    // Not awaited: if the server does not answer, closing takes until the network times out.
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
    for (const end of this.users) end(reason);
  }
}

/**
 * Finds an error of the client by its name, since there may be several copies of the client and the adapter imports none.
 *
 * @returns the error, or the first of its causes, with one of these names
 */
export function named(error: unknown, ...names: readonly string[]): { readonly operation?: unknown } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { name, cause } = error as { name?: unknown; cause?: unknown };
  return names.includes(name as string) ? error : named(cause, ...names);
}

/** The error that the store gets for a connection that could not be opened. */
function connectionError(error: unknown): AdapterError {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  if (name === 'AdapterError') return error as AdapterError;
  const refused = named(error, 'AuthorizationError', 'UserAuthenticationExpiredError');
  const why = typeof message === 'string' && message ? `: ${message}` : '';
  return new AdapterError(refused ? 'unauthenticated' : 'unavailable', `NATS could not be reached${why}`, {
    cause: error,
  });
}
