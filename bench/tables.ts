/** Tables in Markdown: they are printed and go to the docs page. */
import type { GoalReport, GroupReport, TableReport } from './report.ts';
import { isMet } from './report.ts';
import type { Spread } from './rounds.ts';

/** The baseline in its unit, all others as ratios to it: median and, in brackets, the middle half of the rounds. */
export function table({ baseline, unit, absolute, subjects, rows }: TableReport): string {
  const shown = subjects.filter((subject) => rows.some(({ values }) => values[subject]));
  return markdown([
    ['', ...shown.map((subject) => (subject === baseline && !absolute ? `${subject}, ${unit}` : subject))],
    ...rows.map(({ label, values, ratios }) => [
      label,
      ...shown.map((subject) => {
        const value = absolute || subject === baseline ? values[subject] : ratios[subject];
        return value ? withSpread(value) : '–';
      }),
    ]),
  ]);
}

/** One line a goal. */
export function goals(groups: readonly GroupReport[]): string {
  return markdown([
    ['work', 'goal', 'measured', 'met'],
    ...groups.flatMap((group) => group.goals.map((goal) => goalLine(goal))),
  ]);
}

function goalLine(goal: GoalReport): string[] {
  const { work, limit, unit, measured, why } = goal;
  const inUnit = (text: string): string => (unit === '×' || unit === '' ? text : `${text} ${unit}`);
  const met = isMet(goal);
  const beyond = measured && !met ? `no, by ${inUnit(number(measured.median - limit))}` : undefined;
  return [
    work,
    `≤ ${inUnit(number(limit))}`,
    measured ? inUnit(withSpread(measured)) : 'not measured',
    met ? 'yes' : [beyond ?? '–', why].filter(Boolean).join(': '),
  ];
}

function withSpread({ median, low, high }: Spread): string {
  const [from, to] = [number(low), number(high)];
  return from === to ? number(median) : `${number(median)} (${from}–${to})`;
}

/** Three digits, as far as they mean something. */
function number(value: number): string {
  const size = Math.abs(value);
  return value.toLocaleString('en', { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 });
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)].join('\n');
}
