/** One measured value. */
export interface Sample {
  readonly measure: string;
  readonly subject: string;
  readonly round: number;
  readonly value: number;
}

/** The middle of several values, and the middle half of them. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Runs something for each subject in each round, in turn, so that whatever else the machine does meets all of them. Each
 * round begins with another subject.
 */
export async function interleave<T>(
  rounds: number,
  subjects: readonly T[],
  run: (subject: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < subjects.length; turn++)
      await run(subjects[(turn + round) % subjects.length] as T, round);
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

export interface Measured {
  readonly measure: string;
  readonly subject: string;
}

function samplesOf(samples: readonly Sample[], { measure, subject }: Measured): Sample[] {
  return samples.filter((sample) => sample.measure === measure && sample.subject === subject);
}

export function spreadOf(samples: readonly Sample[], of: Measured): Spread | undefined {
  const values = samplesOf(samples, of).map(({ value }) => value);
  return values.length ? spread(values) : undefined;
}

/** The values of one measure, each divided by that of another in the same round. */
export function ratio(samples: readonly Sample[], of: Measured, to: Measured): Spread | undefined {
  const below = new Map(samplesOf(samples, to).map(({ round, value }) => [round, value]));
  const ratios = samplesOf(samples, of).flatMap(({ round, value }) => {
    const base = below.get(round);
    return base ? [value / base] : [];
  });
  return ratios.length ? spread(ratios) : undefined;
}

export function quotient(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  return a && b && { median: a.median / b.median, low: a.low / b.high, high: a.high / b.low };
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}
