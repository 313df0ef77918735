import { AdapterError } from '../contract.ts';
import type { Entry, JetStream, StreamInfo } from './jetstream.ts';
import { natsId } from './keys.ts';
import { EpochTracker } from './epoch.ts';

const text = new TextDecoder();

/** The bucket of a system, and its epoch, which is kept from one feed to the next. */
export class Bucket {
  readonly stream: string;
  /** The part of a subject before the key. */
  readonly prefix: string;
  #tracker: EpochTracker | undefined;

  constructor(readonly name: string) {
    this.stream = `KV_${name}`;
    this.prefix = `$KV.${name}.`;
  }

  /** The epoch when the bucket was last inspected. */
  get epoch(): string | undefined {
    return this.#tracker?.epoch;
  }

  /** Reads the state of the stream. @throws AdapterError for a bucket that does not exist, or that does not report every change */
  async inspect(jetStream: JetStream): Promise<{ readonly tracker: EpochTracker; readonly info: StreamInfo }> {
    const before = this.#tracker;
    const seen = before?.last ?? 0;
    const info = await jetStream.info(this.stream);
    if (!info) throw this.#absent();
    const { max_age: age = 0, subject_delete_marker_ttl: marks = 0 } = info.config;
    if (age > 0 && marks === 0)
      throw new AdapterError(
        'misconfigured',
        `bucket "${this.name}" drops values after ${age / 1e9} s without a removal marker; create it without a ttl`,
      );
    // Another inspection may have ended first.
    const now = this.#tracker;
    this.#tracker = now
      ? now.after(info, now === before ? seen : 0)
      : new EpochTracker(info.created, info.state.last_seq);
    return { tracker: this.#tracker, info };
  }

  /** A feed found that the sequences started over within one epoch. Begins a new epoch. @returns the error that ends the feed */
  sequenceReset(tracker: EpochTracker): AdapterError {
    if (this.#tracker === tracker) this.#tracker = tracker.next(0);
    return new AdapterError('expired', `bucket "${this.name}" was restored to an older state`);
  }

  /** A bucket that existed before is expected back; one that never existed is a configuration mistake. */
  #absent(): AdapterError {
    return this.#tracker
      ? new AdapterError('unavailable', `bucket "${this.name}" is gone`)
      : new AdapterError(
          'misconfigured',
          `there is no bucket "${this.name}"; create it, or name another with \`bucket\``,
        );
  }
}

/** The campaign in a bucket's entry. For a value that is no JSON object it has the id only, so that the store can mark that campaign. */
export function rowOf({ key, sequence, data }: Omit<Entry, 'removed'>): {
  readonly id: string;
  readonly revision: number;
} {
  const id = natsId(key);
  return { ...(id === undefined ? undefined : objectIn(data)), id: id ?? key, revision: sequence };
}

/** The object in a JSON text; `undefined` for anything else. */
export function objectIn(data: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(text.decode(data));
    return typeof value === 'object' && !Array.isArray(value) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
