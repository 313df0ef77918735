import type { Environment } from '../types.ts';

/** Without a promised heartbeat, or once something came late, a feed is renewed after this time (ms), up to twice of it. */
const RECYCLE_MS = 300_000;
/** After a snapshot that is in part older than what is known, the next one comes after this time (ms), up to twice of it. */
const DOUBTED_MS = 60_000;

/** Renews a feed that seems well: one that promised no heartbeat may be dead all the same, and one that brought something late may be wrong. */
export class ResyncPolicy {
  #doubted = false;
  #timer: unknown;

  /** @param onDue told when it is time to renew the feed */
  constructor(
    private readonly env: Environment,
    private readonly onDue: () => void,
  ) {}

  /** Something came that is older than what is known. Late, or counted anew without a word: only a snapshot can tell. */
  get doubted(): boolean {
    return this.#doubted;
  }

  /** The feed brought something that is older than what is known. @param live while it is whole; else it will soon be */
  doubt(live: boolean): void {
    if (this.#doubted) return;
    this.#doubted = true;
    if (live) this.#later(RECYCLE_MS);
  }

  /** A snapshot is whole. @param behind it brought something that is older than what is known */
  snapshotRead(behind: boolean): void {
    this.#doubted = behind;
  }

  /** The feed is whole. @param promised it has promised a heartbeat */
  synced(promised: boolean): void {
    if (this.#doubted) this.#later(DOUBTED_MS);
    else if (!promised) this.#later(RECYCLE_MS);
  }

  /** The feed is closed. */
  stop(): void {
    this.env.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** @param ms after this time, up to twice of it */
  #later(ms: number): void {
    this.stop();
    this.#timer = this.env.setTimeout(() => this.onDue(), ms * (1 + this.env.random()));
  }
}
