import type { TestContext } from 'node:test';
import type { NatsConnection } from '@nats-io/nats-core';
import { type KV, Kvm } from '@nats-io/kv';
import type { SimulateOptions } from '../../../mocks/index.ts';
import type { CampaignAdapter } from '../../../src/adapters/index.ts';
import { natsAdapter, type NatsAdapterOptions } from '../../../src/adapters/nats.ts';
import { createCampaignStore, type CampaignStore, type StoreEvent } from '../../../src/store/index.ts';
import { NatsServer, type Reachable, type User } from './nats-server.ts';
import { Platform } from './platform.ts';
import { FeedReader } from './feed.ts';
import { until } from '../until.ts';

/** Short heartbeats make tests quick. The store waits for one and its slack, which leaves time for a busy machine. */
export const QUICK = { heartbeatMs: 200, timeoutMs: 10_000 };
export const SLACK_MS = 6_000;

/** An adapter whose connections are counted, and can be cut. */
export class CountedAdapter {
  /** Connections opened so far, and those open now. */
  opened = 0;
  readonly open = new Set<NatsConnection>();
  /** The error of every attempt to connect. */
  connectError: Error | undefined;
  readonly adapter: CampaignAdapter<unknown>;

  constructor(server: Reachable, options: Partial<NatsAdapterOptions> = {}, user: User = 'editor') {
    const connect = async (): Promise<NatsConnection> => {
      if (this.connectError) throw this.connectError;
      const connection = await server.connect(user, { reconnect: false });
      this.opened++;
      this.open.add(connection);
      void connection.closed().then(() => this.open.delete(connection));
      return connection;
    };
    this.adapter = natsAdapter({
      ...QUICK,
      actions: `campaigns.${user}`,
      ...(options.connection ? {} : { connect }),
      ...options,
    });
  }

  /** Ends its connections abruptly. */
  async cut(): Promise<void> {
    await Promise.all([...this.open].map((connection) => connection.close()));
  }
}

/** A server, a platform behind it, and the pages that observe its campaigns. */
export interface NatsFixture {
  readonly server: NatsServer;
  readonly platform: Platform;
  adapter(options?: Partial<NatsAdapterOptions>, user?: User): CountedAdapter;
  feed(counted: CountedAdapter, request?: ConstructorParameters<typeof FeedReader>[1]): FeedReader;
  client(counted?: CountedAdapter): StoreClient;
}

/** A server with a bucket that no platform writes to. */
export async function createBucket(t: TestContext): Promise<{ readonly server: NatsServer; bucket(): Promise<KV> }> {
  const server = await NatsServer.start();
  t.after(() => server.close());
  return { server, bucket: async () => new Kvm(await server.connect('platform')).create('campaigns-flows') };
}

/** @param campaigns the number of campaigns at first; default: the sample data */
export async function createFixture(
  t: TestContext,
  campaigns?: number,
  options: SimulateOptions = {},
): Promise<NatsFixture> {
  const server = await NatsServer.start();
  t.after(() => server.close());
  const platform = await Platform.start(server, 'flows', {
    ...(campaigns === undefined ? {} : { sampleData: 'empty' }),
    ...options,
  });
  t.after(() => platform.close());
  if (campaigns) platform.backend.campaigns.fill(campaigns, 'flows');
  await platform.written();
  return {
    server,
    platform,
    adapter: (more, user) => new CountedAdapter(server, more, user),
    feed(of, request) {
      const feed = new FeedReader(of.adapter, request);
      t.after(() => feed.stop());
      return feed;
    },
    client(of = new CountedAdapter(server)) {
      const client = new StoreClient(of, platform);
      t.after(() => client.store.dispose());
      return client;
    },
  };
}

/** A page: a store with an observed list. */
export class StoreClient {
  readonly store: CampaignStore;
  readonly reports: StoreEvent[] = [];
  /** Every state of the connection, in order. */
  readonly states: string[] = [];

  constructor(
    readonly counted: CountedAdapter,
    private readonly platform: Platform,
  ) {
    this.store = createCampaignStore({
      adapter: counted.adapter,
      slackMs: SLACK_MS,
      graceMs: 0,
      uncertainAfterMs: 40_000,
      // The least backoff: these tests wait for the server, not for the retry.
      environment: { random: () => 0.05 },
      report: (event) => this.reports.push(event),
    });
    this.store.list('flows').subscribe();
    this.store.connection('flows').subscribe(({ state }) => this.states.push(state));
  }

  get state(): string {
    return this.store.connection('flows').value.state;
  }

  async live(ms?: number): Promise<this> {
    await until(
      () => this.state === 'live',
      () => `live; was ${this.states.join(' ')}`,
      ms,
    );
    return this;
  }

  async lost(): Promise<void> {
    await until(() => this.state !== 'live', 'the feed is lost');
  }

  /** Waits until the page shows what the platform has. */
  async equals(ms?: number): Promise<void> {
    await this.platform.written(ms);
    await until(
      () => this.#differences().length === 0,
      () => `the page equals the platform:\n${this.#differences().join('\n')}`,
      ms,
    );
  }

  #differences(): readonly string[] {
    const { store } = this;
    const { ids, complete } = store.list('flows').value;
    const rows = new Map(this.platform.backend.campaigns.list('flows').map((row) => [row.id, row]));
    const wrong = this.state === 'live' && complete ? [] : [`${this.state}, ${complete ? 'complete' : 'not complete'}`];
    for (const id of ids) if (!rows.has(id)) wrong.push(`${id} is gone`);
    for (const { id, status, name, message = '' } of rows.values()) {
      const view = store.campaign({ system: 'flows', id }).value;
      const matches =
        view.presence === 'present' && view.status === status && view.name === name && view.message === message;
      if (!matches || view.stale) wrong.push(`${id}: ${view.presence} ${view.status}, and is ${status}`);
    }
    return wrong;
  }

  reported(kind: string): number {
    return this.reports.filter((event) => event.kind === kind).length;
  }
}
