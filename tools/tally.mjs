// Runs the steps of a check one after the other, all of them, and counts what passed and what failed.
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Timeouts in minutes. A run that takes longer is killed and counts as failed; the next ones still run. */
const MOST = { file: 15, step: 30 };

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, note: string, seconds: number }} Result */

export class Tally {
  /** @type {Result[]} */
  results = [];
  #buffered;

  /** @param {{ buffered?: boolean }} [options] `buffered`: what a step prints appears when it ends */
  constructor({ buffered = false } = {}) {
    this.#buffered = buffered;
  }

  /** Runs several sequences of steps at the same time. @param {((tally: Tally) => Promise<void>)[]} sequences */
  async atOnce(...sequences) {
    const tallies = sequences.map(() => new Tally({ buffered: true }));
    await Promise.all(sequences.map((run, index) => run(/** @type {Tally} */ (tallies[index]))));
    for (const { results } of tallies) this.results.push(...results);
  }

  /** Runs something that is right or wrong as a whole. It counts as one. @param {string} name @param {string[]} command */
  async check(name, command) {
    const { end, seconds } = await this.#run(name, command);
    this.results.push({ name, passed: +!end, failed: +!!end, skipped: 0, note: end, seconds });
    return !end;
  }

  /** Runs tests. Theirs are the numbers; a runner that fails without a failed test, or without any test, counts as one failed. */
  async tests(/** @type {string} */ name, /** @type {string[]} */ command) {
    const folder = mkdtempSync(join(tmpdir(), 'counts-'));
    const file = join(folder, 'counts.json');
    const { end, seconds } = await this.#run(name, command, { COUNTS_FILE: file });
    const counts = { passed: 0, failed: 0, skipped: 0 };
    if (existsSync(file)) Object.assign(counts, JSON.parse(readFileSync(file, 'utf8')));
    rmSync(folder, { recursive: true });
    let note = '';
    if (counts.passed + counts.failed === 0) note = ['no test ran', end].filter(Boolean).join(', ');
    else if (counts.failed === 0) note = end;
    if (note) counts.failed = 1;
    this.results.push({ name, ...counts, note, seconds });
    return counts.failed === 0;
  }

  /**
   * Runs test files with Node's own runner, through tsx.
   * @param {string} name
   * @param {string} folder
   * @param {object} [options]
   * @param {number} [options.atOnce] at most so many processes at once
   * @param {string[]} [options.shared] subfolders whose files share one process each, because starting one takes longer than most tests
   */
  async nodeTests(name, folder, { atOnce = 1, shared = [] } = {}) {
    const files = testFiles(folder);
    if (files.length === 0) {
      this.results.push({ name, passed: 0, failed: 1, skipped: 0, note: 'no test file', seconds: 0 });
      return false;
    }
    const inFolder = (/** @type {string} */ subfolder) => (/** @type {string} */ file) =>
      file.startsWith(join(folder, subfolder, sep));
    const entries = mkdtempSync(join(tmpdir(), 'tests-'));
    const together = shared.map((subfolder) => {
      const entry = join(entries, `${subfolder}.mjs`);
      const urls = files.filter(inFolder(subfolder)).map((file) => pathToFileURL(join(root, file)).href);
      if (urls.length === 0) throw new Error(`${join(folder, subfolder)} has no test file.`);
      writeFileSync(entry, urls.map((url) => `import '${url}';\n`).join(''));
      return entry;
    });
    const apart = files.filter((file) => !shared.some((subfolder) => inFolder(subfolder)(file)));
    const passed = await this.tests(name, [
      ...['--import', 'tsx', '--test', '--test-timeout', String(MOST.file * 60_000)],
      ...['--test-concurrency', String(atOnce)],
      ...['--test-reporter', 'spec', '--test-reporter-destination', 'stdout'],
      ...['--test-reporter', './tools/node-counts.mjs', '--test-reporter-destination', 'stdout'],
      ...together,
      ...apart,
    ]);
    rmSync(entries, { recursive: true });
    return passed;
  }

  /**
   * Prints what was, and sets the exit code. The last line is like `142 passed, 0 failed`; within another tally's run that one
   * gets the numbers, and adds them to its own.
   */
  close() {
    const sum = { passed: 0, failed: 0, skipped: 0 };
    console.log('');
    for (const { name, passed, failed, skipped, note, seconds } of this.results) {
      sum.passed += passed;
      sum.failed += failed;
      sum.skipped += skipped;
      const more = [skipped > 0 && `${skipped} not run`, note].filter(Boolean).map((text) => `, ${text}`);
      console.log(
        `${failed ? '✖' : '✔'} ${name}: ${passed} passed, ${failed} failed${more.join('')} (${seconds.toFixed(0)} s)`,
      );
    }
    process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
    const { COUNTS_FILE } = process.env;
    if (COUNTS_FILE) writeFileSync(COUNTS_FILE, JSON.stringify(sum));
    else console.log(`${sum.passed} passed, ${sum.failed} failed`);
  }

  /** @param {string} name @param {string[]} args @param {Record<string, string>} [env] @returns how it ended, '' for well */
  #run(name, args, env) {
    const heading = `\n—— ${name}`;
    if (!this.#buffered) console.log(heading);
    const file = this.#buffered && join(mkdtempSync(join(tmpdir(), 'output-')), 'output.txt');
    const output = file ? openSync(file, 'w') : 'inherit';
    const begin = performance.now();
    // Scripts are named by their files, not through npx: that would ask a registry when one is missing.
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    });
    if (typeof output === 'number') closeSync(output);
    const limit = setTimeout(() => child.kill('SIGKILL'), MOST.step * 60_000);
    return new Promise((/** @type {(result: { end: string, seconds: number }) => void} */ resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(limit);
        if (file) {
          console.log(`${heading}\n${readFileSync(file, 'utf8')}`);
          rmSync(dirname(file), { recursive: true });
        }
        const seconds = (performance.now() - begin) / 1000;
        const slow = seconds >= MOST.step * 60 ? `, after ${MOST.step} minutes` : '';
        resolve({ end: code === 0 ? '' : `ended with ${signal ?? `code ${code}`}${slow}`, seconds });
      });
    });
  }
}

/** @param {string} folder */
function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join(folder, path))
    .sort();
}

/** The program file of an installed package. @param {string} name @param {string} [program] */
export function bin(name, program = name) {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return join('node_modules', name, typeof bin === 'string' ? bin : bin[program]);
}
