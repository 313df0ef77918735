/**
 * Random values without state: each is a function of the seed and the given keys. So a campaign’s n-th error is the
 * same whatever else happened, and nothing has to be saved for a restart.
 */
export interface SeededRandom {
  /** 0 <= x < 1, always the same for the same keys. */
  at(...keys: readonly (string | number)[]): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number, ...keys: readonly (string | number)[]): number;
  /** One of the items. */
  pick<T>(items: readonly T[], ...keys: readonly (string | number)[]): T;
  /** A short text of letters and digits. */
  word(...keys: readonly (string | number)[]): string;
}

/** Random values of one seed. */
export function seededRandom(seed: string): SeededRandom {
  const at: SeededRandom['at'] = (...keys) => hash([seed, ...keys].join('\u0000')) / 0x1_0000_0000;
  return {
    at,
    between: (low, high, ...keys) => low + Math.floor(at(...keys) * (high - low + 1)),
    pick<T>(items: readonly T[], ...keys: readonly (string | number)[]): T {
      if (!items.length) throw new RangeError('there is nothing to pick from');
      return items[Math.floor(at(...keys) * items.length)] as T;
    },
    word: (...keys) =>
      hash([seed, ...keys].join('\u0000'))
        .toString(36)
        .padStart(7, '0'),
  };
}

/** FNV-1a over UTF-16 units, then an avalanche, so that similar keys give different values. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
