import { AdapterError, type Position } from '../contract.ts';
import type { StreamInfo } from './jetstream.ts';

/** So many feeds of one bucket, by as many stores, can end at once and all go on. */
const MOST_REMEMBERED = 3;

/**
 * The keys of a bucket, as one feed saw them from one sequence to another: from anywhere in between a feed can go on, because what
 * is gone since then can be told.
 */
export class KeyHistory {
  /** Every key that the stream held at some time in between, with a value or with the mark of a removal. */
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

  /** The message at this sequence was stored at this time, as far as is known. */
  matches(sequence: number, time: string): boolean {
    return sequence !== this.#to || !this.#time || time === this.#time;
  }
}

/**
 * One numbering of a bucket, and what this adapter has seen of it. It is named after the time at which the stream was made: a
 * bucket that is made anew has another one. A stream that is put back to an older state keeps that time; it is known by its
 * last sequence being behind what was seen before, and then a count is added to the name.
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

  /** The numbering that the stream is in now. @param seen `last` from when `info` was asked for */
  after({ created, state }: StreamInfo, seen: number): EpochTracker {
    if (created !== this.created) return new EpochTracker(created, state.last_seq);
    if (state.last_seq < seen) return this.next(state.last_seq);
    this.last = Math.max(this.last, state.last_seq);
    return this;
  }

  /** The one that follows, where the stream does not say so. */
  next(last: number): EpochTracker {
    return new EpochTracker(this.created, last, this.generation + 1);
  }

  /** A feed has ended; the next one may go on from there. */
  remember(known: KeyHistory): void {
    this.#remembered = [known, ...this.#remembered.filter((other) => other !== known)].slice(0, MOST_REMEMBERED);
  }

  /** What is known at a position, if a feed can go on from there. */
  knownAt(since: Position | undefined): KeyHistory | undefined {
    if (since?.epoch !== this.epoch) return undefined;
    return this.#remembered.find((known) => known.covers(Number(since.cursor)));
  }
}

/**
 * A key leaves a stream only when it is purged, and then nobody is told: not of a campaign that was removed, if the mark of its
 * removal was cleared away before it was read, and not of one that was purged without a mark.
 *
 * @param expected how many keys there were when `info` was asked for
 * @throws AdapterError `expired` if there are fewer now
 */
export function checkKeys({ state: { num_subjects: held = 0 } }: StreamInfo, expected: number): void {
  if (held < expected)
    throw new AdapterError('expired', `the bucket holds ${held} keys where there were ${expected}: some were purged`);
}
