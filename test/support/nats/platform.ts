/**
 * A campaign platform behind NATS: it writes its campaigns to the bucket, and answers actions. Rules and campaigns are
 * simulated.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { simulateBackend, type SimulatedBackend, type SimulateOptions } from '../../../mocks/index.ts';
import type { ActResult, CampaignRecord } from '../../../src/adapters/index.ts';
import { natsId, natsKey, type NatsAction, type NatsActReply } from '../../../src/adapters/nats.ts';
import type { Reachable } from './nats-server.ts';
import { until } from '../until.ts';

/** What was last written of a campaign. */
interface Written {
  /** The platform's own revision. */
  readonly revision: number;
  readonly sequence: number;
}

/** The options of a platform. `replicas`: the number of servers that keep the bucket; default 1. */
export type PlatformOptions = SimulateOptions & { readonly replicas?: number };

export class Platform {
  readonly backend: SimulatedBackend;
  readonly #replicas: number;
  /** The requests, as `user: action id`. */
  readonly requests: string[] = [];
  #kv: KV | undefined;
  #connection: NatsConnection | undefined;
  readonly #written = new Map<string, Written>();
  /** Everything has been written since the server was last down. */
  #whole = false;
  readonly #closing = new AbortController();
  readonly #over: Promise<void>;

  private constructor(
    private readonly server: Reachable,
    readonly system: string,
    { replicas = 1, ...options }: PlatformOptions,
  ) {
    this.#replicas = replicas;
    this.backend = simulateBackend({ tickMs: 0, processingMs: 20, ...options });
    this.#over = this.#run();
  }

  static async start(server: Reachable, system = 'flows', options: PlatformOptions = {}): Promise<Platform> {
    const platform = new Platform(server, system, options);
    try {
      await platform.written();
    } catch (error) {
      await platform.close();
      throw error;
    }
    return platform;
  }

  /** The bucket, for what the platform itself would never do. */
  get kv(): KV {
    return this.#kv!;
  }

  get connection(): NatsConnection {
    return this.#connection!;
  }

  /** Purges a key without leaving a marker, as an operator does; without an id, all keys. */
  async purge(id?: string): Promise<void> {
    const manager = await jetstreamManager(this.#connection!);
    const bucket = `campaigns-${this.system}`;
    await manager.streams.purge(`KV_${bucket}`, { filter: `$KV.${bucket}.${id === undefined ? '>' : natsKey(id)}` });
  }

  /** The number of the bucket's open feeds, as the server counts them. */
  async openFeeds(): Promise<number> {
    const manager = await jetstreamManager(this.#connection!);
    let open = 0;
    for await (const { push_bound } of manager.consumers.list(`KV_campaigns-${this.system}`)) if (push_bound) open++;
    return open;
  }

  /** Waits until the bucket equals the campaigns. */
  async written(ms?: number): Promise<void> {
    const upToDate = (): boolean => {
      const rows = this.backend.campaigns.list(this.system);
      return (
        this.#whole &&
        rows.every(({ id, revision }) => this.#written.get(id)?.revision === revision) &&
        this.#written.size === rows.length
      );
    };
    await until(upToDate, 'the bucket is up to date', ms);
  }

  /** Connects again, and makes the bucket equal to the campaigns. */
  async reconnect(): Promise<void> {
    this.#whole = false;
    await this.#connection!.close();
    await this.written();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await this.#over;
    this.backend.dispose();
  }

  /** Reconnects whenever the server comes back. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const lost = new AbortController();
      try {
        this.#connection = await this.server.connect('platform', { reconnect: false });
        void this.#connection.closed().then(() => lost.abort());
        this.#kv = await new Kvm(this.#connection).create(`campaigns-${this.system}`, { replicas: this.#replicas });
        this.#connection.subscribe(`campaigns.*.${natsKey(this.system)}.*.*`, {
          callback: (_, message) => void this.#answer(message.subject, message.data, (data) => message.respond(data)),
        });
        await this.#keep(AbortSignal.any([signal, lost.signal]));
      } catch {
        await this.#connection?.close();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Writes every difference, then every change. */
  async #keep(signal: AbortSignal): Promise<void> {
    this.#written.clear();
    this.#whole = false;
    const held = new Map<string, { readonly text: string; readonly sequence: number }>();
    for await (const key of await this.kv.keys()) {
      const entry = (await this.kv.get(key))!;
      held.set(natsId(key) ?? key, { text: entry.string(), sequence: entry.revision });
    }
    for await (const change of this.backend.watch({ system: this.system, signal })) {
      if (change.type === 'page' || change.type === 'upsert')
        for (const row of change.items) {
          const text = valueOf(row);
          const former = held.get(row.id);
          held.delete(row.id);
          const sequence = former?.text === text ? former.sequence : await this.kv.put(natsKey(row.id), text);
          this.#written.set(row.id, { revision: row.revision, sequence });
        }
      if (change.type === 'remove') for (const { id } of change.items) await this.#remove(id);
      if (change.type === 'synced') {
        for (const id of held.keys()) await this.#remove(id);
        this.#whole = true;
      }
    }
  }

  async #remove(id: string): Promise<void> {
    await this.kv.delete(natsKey(id));
    this.#written.delete(id);
  }

  async #answer(subject: string, data: Uint8Array, respond: (reply: string) => void): Promise<void> {
    const [, user, , key, action] = subject.split('.');
    const id = natsId(key!)!;
    this.requests.push(`${user}: ${natsId(action!)} ${id}`);
    try {
      const { expect, idempotencyKey } = JSON.parse(new TextDecoder().decode(data)) as NatsAction;
      const ref = { system: this.system, id };
      const result = await this.backend.act({ ref, action: natsId(action!)!, expect, idempotencyKey });
      respond(JSON.stringify(await this.#inTheBucket(result)));
    } catch (error) {
      const { code, message, retryAfterMs } = error as { code?: string; message: string; retryAfterMs?: number };
      // For any other error the result is unknown, so send no reply.
      if (code === 'throttled' || code === 'unauthenticated')
        respond(
          JSON.stringify({ error: code, message, ...(retryAfterMs ? { retryAfterMs } : {}) } satisfies NatsActReply),
        );
    }
  }

  /**
   * Waits until the bucket holds the row of the answer, and gives the row the bucket's sequence number as its revision.
   */
  async #inTheBucket(result: ActResult): Promise<ActResult> {
    if (!('campaign' in result) || !result.campaign) return result;
    const { id, revision } = result.campaign;
    const { sequence } = await until(() => {
      const written = this.#written.get(id);
      return written && written.revision >= revision && written;
    }, 'the row is written');
    const { campaign, epoch: _, ...rest } = result as Extract<ActResult, { outcome: 'done' }>;
    return { ...rest, campaign: { ...campaign, revision: sequence } };
  }
}

/** The bucket counts revisions itself. */
function valueOf({ revision: _, ...value }: CampaignRecord): string {
  return JSON.stringify(value);
}
