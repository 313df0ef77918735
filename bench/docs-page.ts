/** The page `docs/performance.md`, made from the results. */
import { isMet, type GroupReport, type Report } from './report.ts';
import { goals, table } from './tables.ts';

export function docsPage({ browser, cores, groups }: Report): string {
  const all = Object.values(groups);
  const measured = all.flatMap((group) => group.goals).filter((goal) => goal.measured);
  const met = measured.filter((goal) => isMet(goal));
  return `# Performance

\`npm run bench\` in a clone of the repository measures the kit beside its peers and writes this page. Do not edit it.

All figures are ratios from one run in ${browser} on ${cores} cores. Subjects take turns within each round. A figure is the median of its rounds; the middle half of the rounds is in brackets. Times are CPU time of the page's main thread, so other programs change them little. Peers are used as their documentation advises; their versions are in \`bench/package.json\`.

## Goals

${met.length} of ${measured.length} measured goals are met.

${goals(all)}

${all.map(section).join('\n\n')}
`;
}

function section({ heading, method, tables, missing }: GroupReport): string {
  const left = Object.entries(missing);
  return [
    `## ${heading}`,
    method,
    ...tables.map((one) => `### ${one.title}\n\n${table(one)}`),
    ...(left.length
      ? [`Left out:\n\n${left.map(([subject, why]) => `- ${subject}: ${oneLine(why)}`).join('\n')}`]
      : []),
  ].join('\n\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
