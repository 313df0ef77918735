/**
 * The model-based test: thousands of schedules of faults, presses and changes, each run against the real store and
 * adapter.
 *
 * `npm run test:model -- --runs 10000 --seed 1`; `--reached` lists what the schedules reached; `--path 17` with the
 * seed of a failure runs that schedule again.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runBatch, type Batch, type BatchResult, type Failure } from './batch.ts';
import { regressions } from './regressions.ts';
import { GOALS, type Goal } from './coverage.ts';
import { COMMANDS, replaySchedule } from './schedule.ts';
import { SEED } from '../../support/seed.ts';

const RUNS = 10_000;
const BATCH = 250;
const MOST_WORKERS = 4;
/** This many schedules reach every goal many times over. */
const ENOUGH = 2000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: process.env['MODEL_RUNS'] ?? String(RUNS) },
    seed: { type: 'string', default: String(SEED) },
    path: { type: 'string' },
    reached: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(MOST_WORKERS, availableParallelism())) },
  },
});
const runs = wholeNumber('runs', values.runs);
const seed = wholeNumber('seed', values.seed);
const workers = wholeNumber('workers', values.workers);
/** For each goal, the number of schedules that reached it. */
const reached = new Map<string, number>();
const counts = { passed: 0, failed: 0, skipped: 0 };
const began = performance.now();

if (values.path === undefined) {
  console.log(`${regressions.length} regressions, then ${runs} schedules from seed ${seed}, in ${workers} processes`);
  await playRegressions();
  await runAll();
  if (counts.failed === 0 && runs >= ENOUGH) judgeReach();
} else {
  count(await runBatch({ seed, runs: wholeNumber('path', values.path) + 1, path: values.path }));
}

console.log(
  `${counts.passed} passed, ${counts.failed} failed, seed ${seed} (${((performance.now() - began) / 1000).toFixed(0)} s)`,
);
if (process.env['COUNTS_FILE']) writeFileSync(process.env['COUNTS_FILE'], JSON.stringify(counts));
process.exit(counts.failed ? 1 : 0);

async function playRegressions(): Promise<void> {
  for (const { why, schedule } of regressions)
    try {
      await replaySchedule(schedule);
      counts.passed++;
    } catch (error) {
      counts.failed++;
      console.log(`\n✖ a regression is back: ${why}\n${String(error)}`);
    }
}

/** The same seed gives the same schedules, however many processes run them. */
async function runAll(): Promise<void> {
  const batches: Batch[] = [];
  for (let first = 0; first < runs; first += BATCH)
    batches.push({ seed: seed + batches.length, runs: Math.min(BATCH, runs - first) });
  await Promise.all(Array.from({ length: Math.max(1, workers) }, () => work(batches)));
}

async function work(batches: Batch[]): Promise<void> {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)));
  for (let batch = batches.shift(); batch; batch = batches.shift()) {
    const result = await answer(worker, batch);
    count(result);
    // Stop at the first failure: one is enough to fix it.
    if (result.failure) batches.length = 0;
  }
  worker.disconnect();
}

function answer(worker: ChildProcess, batch: Batch): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`a worker ended with code ${code}, at the batch of seed ${batch.seed}`));
    worker.once('exit', ended);
    worker.once('message', (result: BatchResult) => {
      worker.off('exit', ended);
      resolve(result);
    });
    worker.send(batch);
  });
}

function count({ passed, failure, reached: goals }: BatchResult): void {
  for (const [goal, n] of Object.entries(goals)) reached.set(goal, (reached.get(goal) ?? 0) + n);
  counts.passed += passed;
  if (!failure) return;
  counts.failed++;
  printFailure(failure);
}

/** Fails for goals that no schedule reached: a green run proves nothing about them. */
function judgeReach(): void {
  const goals = [...GOALS, ...COMMANDS.map(({ name }): Goal => `command: ${name}`)];
  for (const goal of goals) {
    if (values.reached) console.log(`${String(reached.get(goal) ?? 0).padStart(7)}  ${goal}`);
    if (reached.has(goal)) continue;
    counts.failed++;
    console.log(`✖ none of ${runs} schedules came to “${goal}”: see test/slow/model/coverage.ts`);
  }
}

function printFailure({ seed: from, path, schedule, message }: Failure): void {
  console.log(`\n✖ ${message}`);
  console.log(`\nTo keep it, add to test/slow/model/regressions.ts:\n${JSON.stringify(schedule)}`);
  console.log(`\nTo play it again: npm run test:model -- --seed ${from} --path ${path}\n`);
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`--${name} must be a whole number, got "${text}"`);
  return number;
}
