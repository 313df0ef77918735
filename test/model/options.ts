/** What a schedule begins with. */
export interface ScheduleOptions {
  /** All that is left to chance follows from it. */
  readonly seed: number;
  /** How rough the network is by itself: 0, 1 or 2. */
  readonly roughness: number;
  /** Who looks at first. */
  readonly opening: 'nobody' | 'lists' | 'tags';
  /** All is told before the first command. */
  readonly settled: boolean;
  /** The adapter does what the contract lets it do, though the HTTP one does not. */
  readonly misbehaving: boolean;
  readonly hideWhenForbidden: boolean;
}
