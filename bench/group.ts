/** What a group of measurements gets, and what it gives. */
import type { Sample, Spread } from './rounds.ts';
import type { Session } from './session.ts';

export interface RunContext {
  readonly session: Session;
  /** Where its modules are built to; the session serves them. */
  readonly folder: string;
  readonly quick: boolean;
  /** Prints what goes on. */
  note(text: string): void;
}

/** One row a measure, one column a subject; each cell is a ratio to the baseline of the same row. */
export interface Table {
  readonly title: string;
  readonly baseline: string;
  readonly unit: string;
  /** Shows every value itself, not as a ratio. */
  readonly absolute?: true;
  readonly rows: readonly { readonly label: string; readonly measure: string }[];
}

/** What a measure has to be at most. */
export interface Goal {
  readonly work: string;
  readonly limit: number;
  readonly unit: '×' | 'B' | 'kB' | '';
  value(samples: readonly Sample[]): Spread | undefined;
  /** Why it is not met, as far as that is known. */
  readonly why?: string;
}

export interface GroupResult {
  readonly subjects: readonly string[];
  readonly samples: readonly Sample[];
  /** Subjects that were left out, with the reason. */
  readonly missing: ReadonlyMap<string, string>;
}

export interface Group {
  readonly name: 'tag' | 'list' | 'store' | 'size';
  readonly heading: string;
  /** How it is measured, for the docs page. */
  readonly method: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  run(context: RunContext): Promise<GroupResult>;
}
