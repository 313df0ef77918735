import { statusWords, stuckLimits, type Lifecycle } from '../../lifecycle/index.ts';
import type { CampaignRow } from './parse-record.ts';

/** Some statuses, by their codes. */
export interface StatusFilter {
  readonly codes: readonly number[];
  /** Statuses that the lifecycle does not have. Without them, all of those pass if `codes` has the code that they share. */
  readonly unknown?: ReadonlySet<string>;
}

/**
 * The statuses of a lifecycle, numbered in its order. Campaigns that are stuck in a status have a code of their own, so that a filter for
 * them costs what one for a status costs. All statuses that the lifecycle does not have share one more code.
 */
export class StatusTable {
  readonly words: readonly string[];
  /** The codes of stuck campaigns. */
  readonly stuck: readonly number[];
  /** The code that unknown statuses share: the highest one. */
  readonly unknown: number;
  /** The codes of each status: of campaigns in it, and of those that are stuck in it. */
  readonly #codes: ReadonlyMap<string, readonly number[]>;

  constructor(lifecycle: Lifecycle) {
    this.words = statusWords(lifecycle);
    const codes = new Map(this.words.map((word, code) => [word, [code]]));
    const limited = [...stuckLimits(lifecycle).keys()];
    this.stuck = limited.map((_, index) => this.words.length + index);
    limited.forEach((word, index) => codes.get(word)!.push(this.stuck[index]!));
    this.unknown = this.words.length + limited.length;
    this.#codes = codes;
  }

  codeOf({ status, stuckSince }: CampaignRow): number {
    const codes = this.#codes.get(status);
    return (stuckSince === undefined ? undefined : codes?.[1]) ?? codes?.[0] ?? this.unknown;
  }

  /** All codes of a known status: also that of campaigns that are stuck in it. */
  codesOf(word: string): readonly number[] {
    return this.#codes.get(word) ?? [];
  }

  /** The place of a status in the lifecycle's order; unknown ones come last. */
  placeOf(status: string): number {
    return this.#codes.get(status)?.[0] ?? this.words.length;
  }

  /** A filter for these statuses; `undefined`, like no statuses, stands for all. @param stuck only campaigns that are stuck in them */
  filter(statuses: readonly string[] = [], stuck = false): StatusFilter | undefined {
    if (!statuses.length && !stuck) return undefined;
    const wanted = statuses.length ? statuses : this.words;
    const codes = [...new Set(wanted.flatMap((status) => this.codesOf(status)))];
    if (stuck) return { codes: codes.filter((code) => this.stuck.includes(code)) };
    const unknown = statuses.filter((status) => !this.#codes.has(status));
    return { codes, ...(unknown.length ? { unknown: new Set(unknown) } : {}) };
  }

  /** A filter for each status that passes, in the lifecycle's order. */
  split(filter: StatusFilter | undefined): readonly StatusFilter[] {
    const known = this.words
      .map((word) => ({ codes: this.codesOf(word).filter((code) => !filter || filter.codes.includes(code)) }))
      .filter(({ codes }) => codes.length > 0);
    if (!filter) return [...known, { codes: [this.unknown] }];
    return filter.unknown ? [...known, { codes: [], unknown: filter.unknown }] : known;
  }
}

/** True if a status passes. @param code its code */
export function passes(filter: StatusFilter | undefined, code: number, { status }: CampaignRow): boolean {
  return !filter || filter.codes.includes(code) || filter.unknown?.has(status) === true;
}
