// npm run mutation [-- folder or file…]: changes the code in small ways, one at a time. The unit tests must find at least 85 % of these
// mutants, and all but those that test/slow/mutation/survivors.json lists, each with a verdict. `--force` uses no earlier results.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root } from '../tally.mjs';
import { folderOf, folders, outputOf } from './folders.mjs';

/** Mutants that no test finds, by the line they change, and why none has to. @typedef {{ file: string, line: string, mutants: string[], verdict: string }} Survivors */
/** @typedef {{ line: number, column: number }} Place */
/** @typedef {{ mutatorName: string, replacement: string, status: string, location: { start: Place, end: Place } }} Mutant */
/** @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report */

const LIST = 'test/slow/mutation/survivors.json';
/** @type {Survivors[]} */
const listed = JSON.parse(readFileSync(join(root, LIST), 'utf8'));
const args = process.argv.slice(2);
const paths = args.filter((arg) => !arg.startsWith('-')).map((path) => path.replace(/\/$/, ''));
for (const path of paths) folderOf(path);
/** @type {boolean[]} */
const results = [];
for (const path of paths.length ? paths : Object.keys(folders)) results.push(await measure(path));
process.exitCode = results.every(Boolean) ? 0 : 1;

/** @param {string} path @returns {Promise<boolean>} whether enough mutants were found */
async function measure(path) {
  console.log(`\n—— mutants of ${path}`);
  const begin = performance.now();
  const report = join(root, outputOf(folderOf(path)), 'report.json');
  rmSync(report, { force: true });
  const stryker = [bin('@stryker-mutator/core', 'stryker'), 'run', 'tools/mutation/stryker.config.mjs'];
  const child = spawn(process.execPath, [...stryker, ...(args.includes('--force') ? ['--force'] : [])], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MUTATION_PATH: path },
  });
  const [code] = await once(child, 'close');
  if (!existsSync(report)) {
    console.log(`Stryker ended with code ${code} and without a report.`);
    return false;
  }
  /** @type {Report} */
  const { files: all } = JSON.parse(readFileSync(report, 'utf8'));
  // The report keeps what earlier runs found in the folder's other files.
  const files = Object.fromEntries(Object.entries(all).filter(([file]) => `${file}/`.startsWith(`${path}/`)));
  const { found, missed } = sort(files);
  const made = found + missed.length;
  const share = ((100 * found) / made).toFixed(1);
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${path}: the tests find ${found} of ${made} mutants, ${share} %, in ${seconds.toFixed(0)} s.`);

  const unlisted = missed.filter(({ file, line, mutant }) => !listed.some(holds(file, line, mutant)));
  if (unlisted.length) {
    console.log(`Not found, and not in ${LIST}. Write a test, or list each with its verdict:`);
    console.log(JSON.stringify(grouped(unlisted), undefined, 2));
  }
  const obsolete = listed
    .filter(({ file }) => file in files)
    .flatMap(({ file, line, mutants }) => mutants.map((mutant) => ({ file, line, mutant })))
    .filter(
      (one) => !missed.some(({ file, line, mutant }) => holds(file, line, mutant)({ ...one, mutants: [one.mutant] })),
    );
  for (const { file, line, mutant } of obsolete)
    console.log(`Remove from ${LIST}, as it is found or no longer made: ${file}: ${line}: ${mutant}`);
  return code === 0 && unlisted.length === 0 && obsolete.length === 0;
}

/** @param {string} file @param {string} line @param {string} mutant */
function holds(file, line, mutant) {
  return (/** @type {Omit<Survivors, 'verdict'>} */ one) =>
    one.file === file && one.line === line && one.mutants.includes(mutant);
}

/** @param {Report['files']} files */
function sort(files) {
  let found = 0;
  /** @type {{ file: string, line: string, mutant: string, at: number }[]} */
  const missed = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const lines = source.split('\n');
    for (const { status, replacement, location } of mutants) {
      if (status === 'Killed' || status === 'Timeout') found++;
      else if (status !== 'Ignored') {
        const line = lines[location.start.line - 1] ?? '';
        const mutant = `${short(cut(lines, location))} → ${short(replacement)}`;
        missed.push({ file, line: line.trim(), mutant, at: location.start.line });
      }
    }
  }
  return { found, missed };
}

/** The text between two places. @param {string[]} lines @param {Mutant['location']} location */
function cut(lines, { start, end }) {
  const whole = lines.slice(start.line - 1, end.line);
  whole.push((whole.pop() ?? '').slice(0, end.column - 1));
  const first = whole[0] ?? '';
  return [first.slice(start.column - 1), ...whole.slice(1)].join('\n');
}

/** @param {string} code */
function short(code) {
  const text = code.replace(/\s+/g, ' ').trim();
  return text.length > 60 ? `${text.slice(0, 45)} … ${text.slice(-12)}` : text;
}

/** @param {{ file: string, line: string, mutant: string, at: number }[]} missed */
function grouped(missed) {
  /** @type {Map<string, Survivors & { at: number }>} */
  const groups = new Map();
  for (const { file, line, mutant, at } of missed) {
    const key = `${file}\n${line}`;
    const group = groups.get(key) ?? { file, line, at, mutants: [], verdict: '' };
    groups.set(key, group);
    if (!group.mutants.includes(mutant)) group.mutants.push(mutant);
  }
  return [...groups.values()];
}
