// npm run bench [-- tag|list|store|size] [-- --quick]: measures the kit beside its peers in one browser session, prints tables, and writes
// results.json and docs/performance.md. `--quick` takes fewer rounds and only the peers that are installed, and writes nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { docsPage } from './docs-page.ts';
import type { Group } from './group.ts';
import { listGroup } from './list/group.ts';
import { reportOf, type Report } from './report.ts';
import { Session } from './session.ts';
import { sizeGroup } from './size/group.ts';
import { storeGroup } from './store/group.ts';
import { tagGroup } from './tag/group.ts';
import { peersInstalled } from './subjects.ts';
import { goals, table } from './tables.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const built = path('../.cache/bench');
const results = path('results.json');
const docs = path('../docs/performance.md');
const groups: readonly Group[] = [tagGroup, listGroup, storeGroup, sizeGroup];

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const wanted = positionals.length ? groups.filter(({ name }) => positionals.includes(name)) : groups;
if (wanted.length < new Set(positionals).size) {
  console.error(`usage: npm run bench [-- ${groups.map(({ name }) => name).join('|')}] [-- --quick]`);
  process.exit(2);
}

if (!values.quick && !peersInstalled()) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: path('.'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}

rmSync(built, { recursive: true, force: true });
const session = await Session.start(built);
const report: { -readonly [K in keyof Report]: Report[K] } = {
  ...previous(),
  browser: session.version,
  cores: cpus().length,
};
try {
  for (const group of wanted) {
    const began = performance.now();
    const result = await group.run({
      session,
      folder: built,
      quick: values.quick,
      note: (text) => console.error(`${Math.round(performance.now() / 1000)} s  ${group.name}: ${text}`),
    });
    const one = reportOf(group, result);
    report.groups = { ...report.groups, [group.name]: one };
    console.log(`\n${group.heading} (${Math.round((performance.now() - began) / 1000)} s)\n\n${goals([one])}`);
    for (const each of one.tables) console.log(`\n${each.title}\n\n${table(each)}`);
    for (const [subject, why] of Object.entries(one.missing)) console.log(`left out: ${subject}: ${why}`);
  }
} finally {
  await session.close();
}
if (!values.quick) {
  await write(results, JSON.stringify(report));
  await write(docs, docsPage(report));
}

/** Results of groups that are not measured now. */
function previous(): Report {
  const none: Report = { browser: '', cores: 0, groups: {} };
  return existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as Report) : none;
}

async function write(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
