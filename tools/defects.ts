// npm run defects [-- name…]: puts known defects into a copy of the tree, one by one. Each has to turn its test red.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { regressions } from '../test/slow/model/regressions.ts';
import { allDefects, type Defect } from './defect-files.ts';
import type { Outcome } from './failed-tests.mjs';
import { bin, root } from './tally.mjs';

/** So many copies are worked on at once. */
const COPIES = 2;
/** A run that takes longer (ms) is ended; it hangs. */
const LONGEST_RUN_MS = 240_000;
/** A run that is ended has so long (ms) to end its browser. */
const LAST_WORDS_MS = 3000;
/** Plays the schedules that the model keeps. */
const KEPT = 'test/unit/model/regressions.test.ts';

const folder = mkdtempSync(join(tmpdir(), 'defects-'));
/** Runs under way. Each is the leader of a process group of its own, so that all of it ends together. */
const running = new Set<number>();
/** Whether a run is still there to hear it. A browser is in no group of its runner's, which has to be asked to end it. */
const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
};
const tidyUp = (): void => {
  const signalled = [...running].filter((pid) => signal(pid, 'SIGTERM'));
  if (signalled.length) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_WORDS_MS);
  for (const pid of signalled) signal(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
};
process.on('exit', tidyUp);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => process.exit(1));

void main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const defects = chosen(args.map((name) => name.replace(/^.*\/|\.patch$/g, '')));
  const copies = Array.from({ length: Math.min(COPIES, defects.length) }, (_, index) => copyTree(`copy-${index}`));
  const results: boolean[] = [];
  if (await greenBefore(copies[0]!, defects)) {
    // One browser at a time: its tests look at the clock.
    const browser = defects.filter((one) => one.runner === 'browser');
    const node = defects.filter((one) => one.runner === 'node');
    const work = async (copy: string, ...queues: Defect[][]): Promise<void> => {
      for (const queue of queues)
        for (let next = queue.shift(); next; next = queue.shift()) results.push(await found(copy, next));
    };
    await Promise.all(copies.map((copy, index) => (index ? work(copy, node) : work(copy, browser, node))));
  } else results.push(false);
  const passed = results.filter(Boolean).length;
  const counts = { passed, failed: results.length - passed, skipped: 0 };
  console.log(`\n${passed} of ${defects.length} defects were found by the tests that have to find them.`);
  if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
  process.exitCode = counts.failed > 0 ? 1 : 0;
}

function chosen(names: readonly string[]): readonly Defect[] {
  const all = allDefects();
  const unknown = names.find((name) => !all.some((defect) => defect.name === name));
  if (unknown !== undefined)
    throw new Error(
      `There is no test/slow/defects/${unknown}.patch. There are: ${all.map(({ name }) => name).join(', ')}.`,
    );
  return names.length ? all.filter(({ name }) => names.includes(name)) : all;
}

/** All that git knows, or would take up, without what is ignored; the installed packages are shared. */
function copyTree(name: string): string {
  const copy = join(folder, name);
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error('`git ls-files` failed; defects are tried on a checkout.');
  for (const path of stdout.split('\0')) {
    // A `node_modules` that is itself a link is no folder to git, and not ignored.
    if (!path || path === 'node_modules' || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // The worker that the browser's tests are mocked with is served from the root, and ignored by git.
  if (existsSync(join(root, 'public'))) cpSync(join(root, 'public'), join(copy, 'public'), { recursive: true });
  return copy;
}

/** Nothing is proved by a test that was red all along. */
async function greenBefore(copy: string, defects: readonly Defect[]): Promise<boolean> {
  let green = true;
  for (const runner of ['browser', 'node'] as const) {
    const those = defects.filter((one) => one.runner === runner);
    if (!those.length) continue;
    const outcome = await run(copy, those, 4 * LONGEST_RUN_MS);
    const problem = notGreen(outcome);
    console.log(
      `${problem ? '✖' : '✔'} without any defect (${runner}): ${problem ?? `${outcome!.passed} tests are green`}`,
    );
    if (problem) green = false;
  }
  return green;
}

function notGreen(outcome: Outcome | undefined): string | undefined {
  if (!outcome) return 'the run ended without a word';
  if (outcome.broken.length) return `can't be run: ${some(outcome.broken)}`;
  if (outcome.failed.length) return `red: ${some(outcome.failed)}`;
  return outcome.passed ? undefined : 'no test ran';
}

function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join('; ')}; and ${names.length - 3} more` : names.join('; ');
}

/** Tries one defect, and takes it back. */
async function found(copy: string, defect: Defect): Promise<boolean> {
  const began = performance.now();
  const problem = await whyNotFound(copy, defect);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${problem ? '✖' : '✔'} ${defect.name}: ${problem ?? `red, “${defect.failing}”`} (${seconds} s)`);
  return !problem;
}

async function whyNotFound(copy: string, defect: Defect): Promise<string | undefined> {
  const refused = patch(copy, defect);
  if (refused) return `no longer applies: ${refused}`;
  try {
    const outcome = await run(copy, [defect], LONGEST_RUN_MS);
    if (!outcome) return 'the run ended without a word, or hung';
    if (outcome.broken.length) return `it breaks more than it should; can't be run: ${some(outcome.broken)}`;
    if (!outcome.failed.length) return `stays green: ${defect.breaks} ${outcome.passed} tests did not notice`;
    if (!outcome.failed.some((title) => title.includes(defect.failing)))
      return `red, but not “${defect.failing}”: ${some(outcome.failed)}`;
    const why = regressionFor(defect);
    if (why !== undefined && !outcome.failed.some((title) => title.includes(why)))
      return `red, but for the model's schedule “${why}”; find a new one: run npm run test:model with the defect applied`;
    return undefined;
  } finally {
    const stuck = patch(copy, defect, '--reverse');
    if (stuck) throw new Error(`${defect.name} can't be taken back: ${stuck}`);
  }
}

/** @returns the title of the schedule that the model keeps for it */
function regressionFor({ name }: Defect): string | undefined {
  return regressions.find(({ defect }) => defect === name)?.why;
}

/** @returns why it could not be applied */
function patch(copy: string, { path }: Defect, ...more: readonly string[]): string | undefined {
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', ...more, path], {
    cwd: copy,
    encoding: 'utf8',
    // A repository around the folder of temporary files is none of ours.
    env: { ...process.env, GIT_CEILING_DIRECTORIES: folder },
  });
  return status === 0 ? undefined : stderr.trim().split('\n').join('; ') || 'git apply failed';
}

/** Runs the tests of some defects, all of them for one runner: their files in Node; in the browser, which is slow, only what they name. */
async function run(copy: string, defects: readonly Defect[], ms: number): Promise<Outcome | undefined> {
  const files = defects.flatMap((one) => (regressionFor(one) === undefined ? one.tests : [...one.tests, KEPT]));
  const tests = [...new Set(files)].sort();
  const titles = defects.map(({ failing }) => failing.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const outcomeFile = join(copy, 'outcome.json');
  rmSync(outcomeFile, { force: true });
  const args =
    defects[0]!.runner === 'node'
      ? ['--import', 'tsx', '--test', '--test-reporter', './tools/failed-tests.mjs', ...tests]
      : [bin('@web/test-runner', 'wtr'), '--config', 'tools/defects-wtr.config.mjs', '--files', ...tests];
  const child = spawn(process.execPath, args, {
    cwd: copy,
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, OUTCOME_FILE: outcomeFile, TEST_TITLES: titles, TEST_PORT: String(await freePort()) },
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      if (pid === undefined) return;
      signal(pid, 'SIGTERM');
      setTimeout(() => signal(pid, 'SIGKILL'), LAST_WORDS_MS);
    }, ms);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      if (pid !== undefined) running.delete(pid);
      if (!existsSync(outcomeFile)) return resolve(undefined);
      const outcome = JSON.parse(readFileSync(outcomeFile, 'utf8')) as Outcome;
      resolve({ ...outcome, broken: outcome.broken.map((path) => relative(copy, path)) });
    });
  });
}

/** The browser's runner looks for one too, but two of them at once find the same. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
