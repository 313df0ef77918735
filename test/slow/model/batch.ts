import * as fc from 'fast-check';
import type { Step } from './command.ts';
import { takeReached } from './coverage.ts';
import { runSchedule, settings, scheduledCommands, type Schedule } from './schedule.ts';

/** A number of schedules, all derived from one seed. */
export interface Batch {
  readonly seed: number;
  readonly runs: number;
  /** Runs only the schedule at this path, such as `17`, and shrinks it again. */
  readonly path?: string;
}

/** The result of a batch. */
export interface BatchResult {
  /** The number of schedules that passed. */
  readonly passed: number;
  /** For each goal, the number of schedules that reached it. */
  readonly reached: Readonly<Record<string, number>>;
  readonly failure?: Failure;
}

/** A failing schedule, shrunk as far as possible. */
export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly schedule: Schedule;
  /** The violated invariant, the campaign, and the trace. */
  readonly message: string;
}

/** No schedule takes longer than this in real time (ms). One that does waits for something that never comes. */
const STUCK_MS = 60_000;

/** Runs a batch up to its first failing schedule. */
export async function runBatch({ seed, runs, path }: Batch): Promise<BatchResult> {
  const reached: Record<string, number> = {};
  const result = await fc.check(
    fc.asyncProperty(settings, scheduledCommands, async (setting, commands) => {
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
      // Only the commands that ran are recorded: the list of commands prints them, although its type does not say so.
      // eslint-disable-next-line @typescript-eslint/no-base-to-string
      schedule: { ...setting, steps: JSON.parse(`[${String(commands)}]`) as Step[] },
      message: String((result.errorInstance as Error | undefined)?.message ?? result.errorInstance),
    },
  };
}
