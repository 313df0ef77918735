import { AdapterError, type Position } from '../contract.ts';
import type { StreamInfo } from './jetstream.ts';

/** How many feeds of one bucket, each of another store, can end at once and all resume. */
const MOST_REMEMBERED = 3;

/**
 * The keys of a bucket, as one feed saw them between two sequences. A feed can resume from any sequence in between, because keys
 * purged since then can be found.
 */
export class KeyHistory {
  /** Every key that the stream held at some time in between, with a value or a removal marker. */
  readonly keys = new Set<string>();
  #from = Infinity;
  #to = 0;
  #time = '';

  /** A message was read. @param time when it was stored */
  add(key: string, sequence: number, time: string): void {
    this.keys.add(key);
    if (sequence <= this.#to) return;
    this.#to = sequence;
    this.#time = time;
  }

  /** All keys up to a sequence were read. */
  complete(at: number): void {
    this.#from = at;
    if (at <= this.#to) return;
    this.#to = at;
    this.#time = '';
  }

  covers(sequence: number): boolean {
    return sequence >= this.#from && sequence <= this.#to;
  }

  /** False if the message at this sequence is known to have been stored at another time. */
  matches(sequence: number, time: string): boolean {
    return sequence !== this.#to || !this.#time || time === this.#time;
  }
}

/**
 * One epoch of a bucket, and what this adapter has seen of it. The epoch is named after the stream's creation time, which differs
 * for a bucket that is created again. A stream restored to an older state keeps that time: it is recognised because its last sequence
 * is lower than one seen before, and then a count is added to the name.
 */
export class EpochTracker {
  #remembered: readonly KeyHistory[] = [];

  /** @param last the highest sequence that was seen */
  constructor(
    private readonly created: string,
    public last: number,
    private readonly generation = 0,
  ) {}

  get epoch(): string {
    return this.generation ? `${this.created}~${this.generation}` : this.created;
  }

  /** The epoch that the stream is in now. @param seen `last` at the time `info` was requested */
  after({ created, state }: StreamInfo, seen: number): EpochTracker {
    if (created !== this.created) return new EpochTracker(created, state.last_seq);
    if (state.last_seq < seen) return this.next(state.last_seq);
    this.last = Math.max(this.last, state.last_seq);
    return this;
  }

  /** The next epoch of a stream with the same creation time. */
  next(last: number): EpochTracker {
    return new EpochTracker(this.created, last, this.generation + 1);
  }

  /** Keeps what an ended feed saw, so that the next one can resume from there. */
  remember(known: KeyHistory): void {
    this.#remembered = [known, ...this.#remembered.filter((other) => other !== known)].slice(0, MOST_REMEMBERED);
  }

  /** The keys known at a position, if a feed can resume from there. */
  knownAt(since: Position | undefined): KeyHistory | undefined {
    if (since?.epoch !== this.epoch) return undefined;
    return this.#remembered.find((known) => known.covers(Number(since.cursor)));
  }
}

/**
 * Detects purged keys, which the server does not report: a campaign whose removal marker was cleared before it was read, or one that
 * was purged without a marker.
 *
 * @param expected how many keys there were when `info` was requested
 * @throws AdapterError `expired` if there are fewer now
 */
export function checkKeys({ state: { num_subjects: held = 0 } }: StreamInfo, expected: number): void {
  if (held < expected)
    throw new AdapterError('expired', `the bucket holds ${held} keys where there were ${expected}: some were purged`);
}
