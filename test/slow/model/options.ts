/** The settings of a schedule. */
export interface ScheduleOptions {
  /** Every random choice follows from it. */
  readonly seed: number;
  /** How faulty the network is by itself: 0, 1 or 2. */
  readonly roughness: number;
  /** What is observed at first. */
  readonly opening: 'nobody' | 'lists' | 'tags';
  /** The first snapshot has arrived before the first command. */
  readonly settled: boolean;
  /** The adapter does what the contract permits and the HTTP adapter never does. */
  readonly misbehaving: boolean;
  readonly hideWhenForbidden: boolean;
}
