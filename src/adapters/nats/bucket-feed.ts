import { AdapterError, type Change, CONTRACT_VERSION, type WatchRequest } from '../contract.ts';
import { randomId } from '../../util/random-id.ts';
import { type Bucket, rowOf } from './bucket.ts';
import { untilAborted } from '../../util/abortable.ts';
import type { NatsConnection, Share } from './connection.ts';
import { type Delivery, JetStream, readDelivery, requestError } from './jetstream.ts';
import { keyOf, natsId } from './keys.ts';
import { AsyncQueue } from '../../util/async-queue.ts';
import { checkKeys, KeyHistory, type EpochTracker } from './epoch.ts';

/** The most rows or removals in one change. */
const MOST_ITEMS = 200;

/** Times of a feed, in ms. */
export interface FeedOptions {
  /** The heartbeat of a bucket without changes. */
  readonly heartbeatMs: number;
  /** Timeout of a request to the server. */
  readonly timeoutMs: number;
  /** How often it is checked whether something was purged. */
  readonly checkMs: number;
}

/** Consecutive items of one type, to be emitted as one change. */
interface Batch {
  readonly type: 'page' | 'upsert' | 'remove';
  readonly items: { readonly id: string; readonly revision: number }[];
}

/** One feed of a bucket: a snapshot or the changes since a position, then live changes. */
export class BucketFeed {
  readonly #key: string | undefined;
  #jetStream!: JetStream;
  #connection!: NatsConnection;
  #tracker!: EpochTracker;
  #known = new KeyHistory();
  /** How many keys the snapshot has. */
  #expected = 0;
  /** The sequence that this feed resumes from; `undefined` for a snapshot. */
  #resumedAt: number | undefined;
  /** Everything up to this sequence was read; a feed can resume from here. */
  #cursor = 0;
  /** The sequence of the latest message. */
  #last = 0;
  /** How many messages the consumer has sent. */
  #order = 0;
  /** How many idle heartbeats came since the last message. */
  #idle = 0;
  #batch: Batch | undefined;
  #synced = false;
  #checkedAt = 0;

  constructor(
    private readonly bucket: Bucket,
    private readonly options: FeedOptions,
    private readonly request: WatchRequest,
    private readonly share: Share,
  ) {
    // One campaign can be watched by itself; for several of them servers before 2.10 have no filter.
    this.#key = request.ids?.length === 1 ? keyOf(request.ids[0]!) : undefined;
  }

  /** @throws AdapterError */
  async *changes(): AsyncGenerator<Change<unknown>, void, undefined> {
    const { ended } = this.share;
    this.#connection = await untilAborted(ended, this.share.connection);
    this.#jetStream = new JetStream(this.#connection, this.options.timeoutMs);
    await this.#begin();
    const queue = new AsyncQueue<Delivery | AdapterError>();
    const inbox = `${this.#connection.options?.inboxPrefix ?? '_INBOX'}.${randomId()}`;
    const subscription = this.#connection.subscribe(inbox, {
      callback: (error, message) =>
        queue.put(error ? requestError('watch', error) : readDelivery(message, this.bucket.prefix)),
    });
    try {
      yield* this.#open(inbox);
      for (;;) {
        for (const delivery of await queue.take(ended)) {
          ended.throwIfAborted();
          yield* this.#take(delivery);
        }
        yield* this.#flush();
        if (this.#synced && performance.now() - this.#checkedAt >= this.options.checkMs) await this.#check();
      }
    } finally {
      subscription.unsubscribe();
      if (this.#synced && this.#key === undefined) this.#tracker.remember(this.#known);
    }
  }

  /** Decides whether to resume or to send a snapshot. */
  async #begin(): Promise<void> {
    const { tracker, info } = await this.#inspect();
    this.#tracker = tracker;
    this.#cursor = info.state.last_seq;
    if (this.#key !== undefined) return;
    this.#expected = info.state.num_subjects ?? 0;
    const { since } = this.request;
    const known = tracker.knownAt(since);
    if (!known) return;
    this.#known = known;
    this.#resumedAt = this.#cursor = Number(since!.cursor);
    this.#last = this.#resumedAt - 1;
  }

  async *#open(inbox: string): AsyncGenerator<Change<unknown>> {
    const { heartbeatMs } = this.options;
    const consumer = await untilAborted(
      this.share.ended,
      this.#jetStream.consume(
        this.bucket.stream,
        // It begins at the position itself, not after it: a message there that differs from the one that was read shows a restored backup.
        this.#resumedAt === undefined
          ? { deliver_policy: 'last_per_subject' }
          : { deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(this.#resumedAt, 1) },
        { subjects: this.bucket.prefix + (this.#key ?? '>'), inbox, heartbeatMs },
      ),
    );
    yield {
      type: 'open',
      contract: CONTRACT_VERSION,
      mode: this.#resumedAt === undefined ? 'snapshot' : 'resume',
      epoch: this.#tracker.epoch,
      heartbeatMs,
      serverTime: consumer.created,
    };
    // An empty consumer sends no message with `pending: 0`. Both numbers are from the moment the consumer was created.
    if (consumer.num_pending === 0 && consumer.delivered.consumer_seq === 0) yield* this.#sync();
  }

  async *#take(delivery: Delivery | AdapterError): AsyncGenerator<Change<unknown>> {
    if (delivery instanceof AdapterError) throw delivery;
    switch (delivery.kind) {
      case 'entry':
        yield* this.#entry(delivery);
        // If campaigns change while a snapshot is read, the server counts some of them twice, so the keys are counted as well.
        if (delivery.pending === 0 && this.#known.keys.size >= this.#expected) yield* this.#sync();
        return;
      case 'flow':
        yield* this.#flush();
        return this.#connection.publish(delivery.answer);
      case 'idle':
        if (delivery.order !== this.#order) throw lostMessage();
        yield* this.#flush();
        if (this.#synced) yield { type: 'heartbeat' };
        if (delivery.answer) return this.#connection.publish(delivery.answer);
        // The last message, with `pending: 0`, was purged before it was sent.
        if (++this.#idle > 1) yield* this.#sync();
        return;
      case 'over':
        throw new AdapterError('unavailable', `the server ended the feed: ${delivery.why}`);
    }
  }

  *#entry(entry: Extract<Delivery, { kind: 'entry' }>): Generator<Change<unknown>> {
    const { key, sequence, time } = entry;
    if (entry.order !== ++this.#order) throw lostMessage();
    this.#idle = 0;
    // The server may send a message twice.
    if (sequence === this.#last) return;
    if (sequence < this.#last) throw this.bucket.sequenceReset(this.#tracker);
    this.#last = sequence;
    this.#tracker.last = Math.max(this.#tracker.last, sequence);
    if (sequence === this.#resumedAt) {
      if (!this.#known.matches(sequence, time)) throw this.bucket.sequenceReset(this.#tracker);
      return;
    }
    if (this.#key === undefined) this.#known.add(key, sequence, time);
    const type = entry.removed ? 'remove' : this.#hasPosition ? 'upsert' : 'page';
    if (this.#batch?.type !== type || this.#batch.items.length === MOST_ITEMS) yield* this.#flush();
    this.#batch ??= { type, items: [] };
    this.#batch.items.push(entry.removed ? { id: natsId(key) ?? key, revision: sequence } : rowOf(entry));
    this.#cursor = Math.max(this.#cursor, sequence);
  }

  *#flush(): Generator<Change<unknown>> {
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch) yield { ...batch, ...(this.#hasPosition ? { cursor: String(this.#cursor) } : {}) };
  }

  async *#sync(): AsyncGenerator<Change<unknown>> {
    if (this.#synced) return;
    yield* this.#flush();
    await this.#check();
    if (this.#resumedAt === undefined) this.#known.complete(this.#cursor);
    this.#synced = true;
    yield { type: 'synced', cursor: String(this.#cursor) };
  }

  /** Checks that the bucket is the same and that nothing was purged from it. @throws AdapterError otherwise */
  async #check(): Promise<void> {
    const expected = this.#known.keys.size;
    const { tracker, info } = await this.#inspect();
    if (tracker !== this.#tracker)
      throw new AdapterError('unavailable', `bucket "${this.bucket.name}" was replaced meanwhile`);
    checkKeys(info, expected);
    this.#checkedAt = performance.now();
  }

  #inspect(): ReturnType<Bucket['inspect']> {
    return untilAborted(this.share.ended, this.bucket.inspect(this.#jetStream));
  }

  /** True once changes come in the order of their sequences, so that each one is a position to resume from. */
  get #hasPosition(): boolean {
    return this.#synced || this.#resumedAt !== undefined;
  }
}

/** The error for a gap in the message numbers. The store resumes from its position, and so reads the lost message. */
function lostMessage(): AdapterError {
  return new AdapterError('unavailable', 'a message of the feed was lost');
}
