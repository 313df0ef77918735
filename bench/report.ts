/** What is kept of a run: for each group its tables and goals, as `results.json` holds them and the docs page shows them. */
import type { Goal, Group, GroupResult, Table } from './group.ts';
import { ratio, spreadOf, type Spread } from './rounds.ts';

export interface Report {
  readonly browser: string;
  readonly cores: number;
  readonly groups: Partial<Record<Group['name'], GroupReport>>;
}

export interface GroupReport {
  readonly heading: string;
  readonly method: string;
  readonly goals: readonly GoalReport[];
  readonly tables: readonly TableReport[];
  readonly missing: Readonly<Record<string, string>>;
}

export interface GoalReport extends Pick<Goal, 'work' | 'limit' | 'unit' | 'why'> {
  readonly measured?: Spread;
}

export interface TableReport {
  readonly title: string;
  readonly baseline: string;
  readonly unit: string;
  readonly absolute?: true;
  readonly subjects: readonly string[];
  readonly rows: readonly RowReport[];
}

interface RowReport {
  readonly label: string;
  /** In the table's unit, by subject. */
  readonly values: Readonly<Record<string, Spread>>;
  /** Value ÷ that of the baseline in the same round, by subject. */
  readonly ratios: Readonly<Record<string, Spread>>;
}

export function reportOf({ heading, method, tables, goals }: Group, result: GroupResult): GroupReport {
  return {
    heading,
    method,
    goals: goals.map(({ work, limit, unit, why, value }) => {
      const measured = value(result.samples);
      return { work, limit, unit, ...(why === undefined ? {} : { why }), ...(measured ? { measured } : {}) };
    }),
    tables: tables.map((table) => tableReport(table, result)).filter(({ rows }) => rows.length),
    missing: Object.fromEntries(result.missing),
  };
}

function tableReport(
  { title, baseline, unit, absolute, rows }: Table,
  { samples, subjects }: GroupResult,
): TableReport {
  const columns = [baseline, ...subjects.filter((subject) => subject !== baseline)];
  const byColumn = (of: (subject: string) => Spread | undefined): Record<string, Spread> =>
    Object.fromEntries(
      columns.flatMap((subject) => {
        const found = of(subject);
        return found ? [[subject, found]] : [];
      }),
    );
  return {
    title,
    baseline,
    unit,
    ...(absolute ? { absolute } : {}),
    subjects: columns,
    rows: rows
      .map(({ label, measure }) => ({
        label,
        values: byColumn((subject) => spreadOf(samples, { measure, subject })),
        ratios: byColumn((subject) => ratio(samples, { measure, subject }, { measure, subject: baseline })),
      }))
      .filter(({ values }) => Object.keys(values).length),
  };
}

/** True if the goal is met; `undefined` if it was not measured. */
export function isMet({ limit, measured }: GoalReport): boolean | undefined {
  return measured && measured.median <= limit;
}
