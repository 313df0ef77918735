import { AdapterError } from '../contract.ts';
import type { Entry, JetStream, StreamInfo } from './jetstream.ts';
import { natsId } from './keys.ts';
import { EpochTracker } from './epoch.ts';

const text = new TextDecoder();

/** The bucket of a system, and what is remembered of it from one feed to the next. */
export class Bucket {
  readonly stream: string;
  /** What comes before the key in a subject. */
  readonly prefix: string;
  #tracker: EpochTracker | undefined;

  constructor(readonly name: string) {
    this.stream = `KV_${name}`;
    this.prefix = `$KV.${name}.`;
  }

  /** Names the numbering that was in force when the bucket was last looked at. */
  get epoch(): string | undefined {
    return this.#tracker?.epoch;
  }

  /** @throws AdapterError for a bucket that is not there, or that can't be trusted to tell of every change */
  async inspect(jetStream: JetStream): Promise<{ readonly tracker: EpochTracker; readonly info: StreamInfo }> {
    const before = this.#tracker;
    const seen = before?.last ?? 0;
    const info = await jetStream.info(this.stream);
    if (!info) throw this.#absent();
    const { max_age: age = 0, subject_delete_marker_ttl: marks = 0 } = info.config;
    if (age > 0 && marks === 0)
      throw new AdapterError(
        'misconfigured',
        `bucket "${this.name}" forgets values after ${age / 1e9} s and tells nobody; make it without a ttl`,
      );
    // Another look may have been faster.
    const now = this.#tracker;
    this.#tracker = now
      ? now.after(info, now === before ? seen : 0)
      : new EpochTracker(info.created, info.state.last_seq);
    return { tracker: this.#tracker, info };
  }

  /** It turned out that the stream counts anew, though it does not say so. @returns what ends the feed that found out */
  sequenceReset(tracker: EpochTracker): AdapterError {
    if (this.#tracker === tracker) this.#tracker = tracker.next(0);
    return new AdapterError('expired', `bucket "${this.name}" was put back to an older state`);
  }

  /** What was there will be there again; what never was is a mistake. */
  #absent(): AdapterError {
    return this.#tracker
      ? new AdapterError('unavailable', `bucket "${this.name}" is gone`)
      : new AdapterError(
          'misconfigured',
          `there is no bucket "${this.name}"; make it, or name another with \`bucket\``,
        );
  }
}

/** The campaign in a bucket's entry. Of a value that is no JSON object the id remains, so that the store can mark that campaign. */
export function rowOf({ key, sequence, data }: Omit<Entry, 'removed'>): {
  readonly id: string;
  readonly revision: number;
} {
  const id = natsId(key);
  return { ...(id === undefined ? undefined : objectIn(data)), id: id ?? key, revision: sequence };
}

/** The object in a text of JSON; `undefined` for anything else. */
export function objectIn(data: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(text.decode(data));
    return typeof value === 'object' && !Array.isArray(value) ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
