/** One measurement. */
export interface Sample {
  /** The time in ms, from any origin. */
  readonly at: number;
  readonly value: number;
}

/**
 * The growth of a value over the last half of its samples: the rise of the least-squares line from the first of them to
 * the last, as a part of their mean. 0.01 is one per cent.
 *
 * @throws RangeError for fewer than six samples: a line through two points fits anything
 */
export function growthOverLastHalf(samples: readonly Sample[]): number {
  if (samples.length < 6) throw new RangeError(`${samples.length} samples are too few for a trend; take 6 or more`);
  const half = samples.slice(Math.floor(samples.length / 2));
  const mean = (of: (sample: Sample) => number): number => half.reduce((sum, one) => sum + of(one), 0) / half.length;
  const [meanAt, meanValue] = [mean(({ at }) => at), mean(({ value }) => value)];
  const slope = mean(({ at, value }) => (at - meanAt) * (value - meanValue)) / mean(({ at }) => (at - meanAt) ** 2);
  return (slope * (half.at(-1)!.at - half[0]!.at)) / meanValue;
}
