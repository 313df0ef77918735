import * as fc from 'fast-check';
import type { Step } from './command.ts';
import { takeReached } from './coverage.ts';
import { runSchedule, settings, turns, type Schedule } from './schedule.ts';

/** So many schedules, as they follow from a seed. */
export interface Batch {
  readonly seed: number;
  readonly runs: number;
  /** Only the one at this place, such as `17`; it is shrunk again. */
  readonly path?: string;
}

/** What came of a batch. */
export interface BatchResult {
  /** How many schedules were right. */
  readonly passed: number;
  /** In how many schedules each thing was reached. */
  readonly reached: Readonly<Record<string, number>>;
  readonly failure?: Failure;
}

/** A schedule that is wrong, as small as it could be made. */
export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly schedule: Schedule;
  /** Which invariant, which campaign, and all that happened. */
  readonly message: string;
}

/** No schedule takes longer than this in earnest, in ms. One that does waits for something that never comes. */
const STUCK_MS = 60_000;

/** Plays a batch, up to its first schedule that is wrong. */
export async function runBatch({ seed, runs, path }: Batch): Promise<BatchResult> {
  const reached: Record<string, number> = {};
  const result = await fc.check(
    fc.asyncProperty(settings, turns, async (setting, commands) => {
      await runSchedule(setting, commands);
      for (const goal of takeReached()) reached[goal] = (reached[goal] ?? 0) + 1;
    }),
    { seed, numRuns: runs, timeout: STUCK_MS, ...(path === undefined ? {} : { path }) },
  );
  if (!result.failed) return { passed: result.numRuns, reached };
  const [setting, commands] = result.counterexample!;
  return {
    passed: result.numRuns - 1,
    reached,
    failure: {
      seed,
      path: result.counterexamplePath!.split(':')[0]!,
      // Only what was run is written down: the list of commands prints it, whatever its type says.
      // eslint-disable-next-line @typescript-eslint/no-base-to-string
      schedule: { ...setting, steps: JSON.parse(`[${String(commands)}]`) as Step[] },
      message: String((result.errorInstance as Error | undefined)?.message ?? result.errorInstance),
    },
  };
}
