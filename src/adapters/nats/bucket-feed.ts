import { AdapterError, type Change, type WatchRequest } from '../contract.ts';
import { randomId } from '../../util/random-id.ts';
import { type Bucket, rowOf } from './bucket.ts';
import { untilAborted } from '../../util/abortable.ts';
import type { NatsConnection, Share } from './connection.ts';
import { type Delivery, JetStream, readDelivery, requestError } from './jetstream.ts';
import { keyOf, natsId } from './keys.ts';
import { AsyncQueue } from '../../util/async-queue.ts';
import { checkKeys, KeyHistory, type EpochTracker } from './epoch.ts';

/** Rows or removals per message, at most. */
const MOST_ITEMS = 200;

/** How a feed is kept. Times are ms. */
export interface FeedOptions {
  /** How often a bucket without changes shows that it lives. */
  readonly heartbeatMs: number;
  /** How long the server may take to answer. */
  readonly timeoutMs: number;
  /** How often is asked whether something was purged. */
  readonly checkMs: number;
}

/** Neighbours of one type, on their way in one message. */
interface Batch {
  readonly type: 'page' | 'upsert' | 'remove';
  readonly items: { readonly id: string; readonly revision: number }[];
}

/** One feed of a bucket: what it holds or what came since a position, then its changes. */
export class BucketFeed {
  readonly #key: string | undefined;
  #jetStream!: JetStream;
  #connection!: NatsConnection;
  #tracker!: EpochTracker;
  #known = new KeyHistory();
  /** How many keys there are to be read. */
  #expected = 0;
  /** The sequence that this feed goes on from; `undefined` for a snapshot. */
  #resumedAt: number | undefined;
  /** Up to here all is read; a feed can go on from here. */
  #cursor = 0;
  /** The sequence of the latest message. */
  #last = 0;
  /** How many messages the consumer has sent. */
  #order = 0;
  /** How often since then it had nothing to send. */
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

  /** Decides where to begin. */
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
        // It begins at the position itself, not after it: if the message there is still the one that was read, nothing was put back.
        this.#resumedAt === undefined
          ? { deliver_policy: 'last_per_subject' }
          : { deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(this.#resumedAt, 1) },
        { subjects: this.bucket.prefix + (this.#key ?? '>'), inbox, heartbeatMs },
      ),
    );
    yield {
      type: 'open',
      contract: 1,
      mode: this.#resumedAt === undefined ? 'snapshot' : 'resume',
      epoch: this.#tracker.epoch,
      heartbeatMs,
      serverTime: consumer.created,
    };
    // With nothing to send, no message will say that it was the last. Both numbers are from the moment the consumer was made.
    if (consumer.num_pending === 0 && consumer.delivered.consumer_seq === 0) yield* this.#sync();
  }

  async *#take(delivery: Delivery | AdapterError): AsyncGenerator<Change<unknown>> {
    if (delivery instanceof AdapterError) throw delivery;
    switch (delivery.kind) {
      case 'entry':
        yield* this.#entry(delivery);
        // While a snapshot is read and its campaigns change, the server counts some of them twice.
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
        // The message that was to say that it is the last was purged before it was sent.
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
    // So it sends some of them twice.
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

  /** The bucket is the same, and nothing was purged from it. */
  async #check(): Promise<void> {
    const expected = this.#known.keys.size;
    const { tracker, info } = await this.#inspect();
    if (tracker !== this.#tracker)
      throw new AdapterError('unavailable', `bucket "${this.bucket.name}" was made anew meanwhile`);
    checkKeys(info, expected);
    this.#checkedAt = performance.now();
  }

  #inspect(): ReturnType<Bucket['inspect']> {
    return untilAborted(this.share.ended, this.bucket.inspect(this.#jetStream));
  }

  /** Every change from here on has a place in the order of all changes. */
  get #hasPosition(): boolean {
    return this.#synced || this.#resumedAt !== undefined;
  }
}

/** A number in the order of messages is missing. The store goes on from its position, and so reads what was lost. */
function lostMessage(): AdapterError {
  return new AdapterError('unavailable', 'a message of the feed was lost');
}
