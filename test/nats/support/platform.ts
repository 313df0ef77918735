/** A campaign platform behind NATS: keeps the bucket as its campaigns are, and answers actions. Rules and campaigns are simulated. */
import type { NatsConnection } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { simulateBackend, type SimulatedBackend, type SimulateOptions } from '../../../mocks/index.ts';
import type { ActResult, CampaignRecord } from '../../../src/adapters/index.ts';
import { natsId, natsKey, type NatsAction, type NatsActReply } from '../../../src/adapters/nats.ts';
import type { Reachable } from './nats-server.ts';
import { until } from '../../kill/support/until.ts';

/** What was written of a campaign last. */
interface Written {
  /** By the platform's own count. */
  readonly revision: number;
  readonly sequence: number;
}

/** How a platform is made. `replicas`: how many servers keep the bucket; default 1. */
export type PlatformOptions = SimulateOptions & { readonly replicas?: number };

export class Platform {
  readonly backend: SimulatedBackend;
  readonly #replicas: number;
  /** Who asked for what, as the subjects say. */
  readonly asked: string[] = [];
  #kv: KV | undefined;
  #connection: NatsConnection | undefined;
  readonly #written = new Map<string, Written>();
  /** Everything was written once since the server was last away. */
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

  /** Clears a key away without leaving a mark; without an id, all keys: as an operator does. */
  async purge(id?: string): Promise<void> {
    const manager = await jetstreamManager(this.#connection!);
    const bucket = `campaigns-${this.system}`;
    await manager.streams.purge(`KV_${bucket}`, { filter: `$KV.${bucket}.${id === undefined ? '>' : natsKey(id)}` });
  }

  /** How many feeds of the bucket somebody listens to, by the server's account. */
  async openFeeds(): Promise<number> {
    const manager = await jetstreamManager(this.#connection!);
    let open = 0;
    for await (const { push_bound } of manager.consumers.list(`KV_campaigns-${this.system}`)) if (push_bound) open++;
    return open;
  }

  /** The bucket is as the campaigns are. */
  async written(ms?: number): Promise<void> {
    const upToDate = (): boolean => {
      const rows = this.backend.campaigns.list(this.system);
      return (
        this.#whole &&
        rows.every(({ id, revision }) => this.#written.get(id)?.revision === revision) &&
        this.#written.size === rows.length
      );
    };
    await until('the bucket is up to date', upToDate, ms);
  }

  /** Connects anew, and sees to it that the bucket is as the campaigns are. */
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

  /** However often the server goes away, the platform is back with it. */
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

  /** Writes whatever differs, then whatever changes. */
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
    this.asked.push(`${user}: ${natsId(action!)} ${id}`);
    try {
      const { expect, idempotencyKey } = JSON.parse(new TextDecoder().decode(data)) as NatsAction;
      const ref = { system: this.system, id };
      const result = await this.backend.act({ ref, action: natsId(action!)!, expect, idempotencyKey });
      respond(JSON.stringify(await this.#inTheBucket(result)));
    } catch (error) {
      const { code, message, retryAfterMs } = error as { code?: string; message: string; retryAfterMs?: number };
      // Of anything else nobody knows what has happened, so nothing is said.
      if (code === 'throttled' || code === 'unauthenticated')
        respond(
          JSON.stringify({ error: code, message, ...(retryAfterMs ? { retryAfterMs } : {}) } satisfies NatsActReply),
        );
    }
  }

  /** A row of the answer is one that the bucket holds, with the sequence it has there. */
  async #inTheBucket(result: ActResult): Promise<ActResult> {
    if (!('campaign' in result) || !result.campaign) return result;
    const { id, revision } = result.campaign;
    const { sequence } = await until('the row is written', () => {
      const written = this.#written.get(id);
      return written && written.revision >= revision && written;
    });
    const { campaign, epoch: _, ...rest } = result as Extract<ActResult, { outcome: 'done' }>;
    return { ...rest, campaign: { ...campaign, revision: sequence } };
  }
}

/** The bucket counts revisions itself. */
function valueOf({ revision: _, ...value }: CampaignRecord): string {
  return JSON.stringify(value);
}
