import type { Schedule } from './schedule.ts';

/** A schedule that was wrong once, as small as it could be made. It is played first, always. */
export interface Regression {
  /** What was wrong. */
  readonly why: string;
  readonly schedule: Schedule;
}

export const regressions: readonly Regression[] = [];
