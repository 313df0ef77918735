// Stryker's test runner for the bundles: runs them in its own process, again for each mutant. To start a process for each test file of each
// mutant, as the runner for TAP does, takes ten times as long.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { mock } from 'node:test';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

/** @typedef {import('./node-test.mjs').Suite} Suite */
/** @typedef {import('./node-test.mjs').Test} Test */
/** @typedef {{ activeMutant?: string, hitLimit?: number, hitCount?: number, mutantCoverage: { static: object, perTest: object } }} Namespace what instrumented code reads and writes */
/** @typedef {{ id: string, name: string, timeSpentMs: number, status: 0 | 1, failureMessage?: string }} Result of a file; 1: failed */

/** A promise that is pending after this time (ms), while no timer runs and nothing is read, will never settle. */
const IDLE_MS = 200;
for (const name of /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug'])) console[name] = () => {};
/** What tests replace for a while. One that fails may leave it replaced. */
const replaceable = [globalThis, Date, performance, console].map((owner) => ({
  owner,
  originals: Object.getOwnPropertyDescriptors(owner),
}));
const { setImmediate, setInterval, clearInterval } = globalThis;
const now = performance.now.bind(performance);

class BundleRunner {
  /** @type {string[]} */
  #files = [];
  /** @type {Map<string, () => Suite>} */
  #scripts = new Map();
  /** How long a file takes (ms): the quick ones go first. @type {Map<string, number>} */
  #times = new Map();
  /** @type {string | undefined} */
  #failure;
  /** How many timers and handles this process has while no test runs. */
  #atRest = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    this.#files = readdirSync('test/unit', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.cjs'))
      .map((path) => join('test/unit', path))
      .sort();
  }

  /** All tests without a mutant, and which mutants' code each file runs. */
  async dryRun() {
    /** @type {Record<string, object>} */
    const perTest = {};
    const tests = [];
    for (const file of this.#files) {
      const [result, { mutantCoverage }] = await this.#file(file, {});
      perTest[file] = mutantCoverage.static;
      tests.push(result);
    }
    return { status: 'complete', tests, mutantCoverage: { static: {}, perTest } };
  }

  /** The tests that run a mutant's code, until one finds it. @param {{ activeMutant: { id: string }, testFilter?: string[], hitLimit?: number }} options */
  async mutantRun({ activeMutant, testFilter = this.#files, hitLimit = Infinity }) {
    const quickFirst = [...testFilter].sort((a, b) => (this.#times.get(a) ?? 0) - (this.#times.get(b) ?? 0));
    for (const [index, file] of quickFirst.entries()) {
      const [result, { hitCount = 0 }] = await this.#file(file, {
        activeMutant: activeMutant.id,
        hitLimit,
        hitCount: 0,
      });
      if (hitCount > hitLimit) return { status: 'timeout', reason: `an endless loop in ${file}` };
      if (result.status)
        return { status: 'killed', killedBy: [file], failureMessage: result.failureMessage, nrOfTests: index + 1 };
    }
    return { status: 'survived', nrOfTests: quickFirst.length };
  }

  /** @param {string} file @param {Partial<Namespace>} mutant @returns {Promise<[Result, Namespace]>} */
  async #file(file, mutant) {
    /** @type {Namespace} */
    const namespace = { ...mutant, mutantCoverage: { static: {}, perTest: {} } };
    Object.assign(globalThis, { __stryker__: namespace });
    this.#failure = undefined;
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.removeAllListeners(event).on(event, (error) => this.#fail('uncaught', error));
    this.#atRest = process.getActiveResourcesInfo().length;
    const begin = now();
    try {
      await this.#suite(this.#load(file), []);
    } catch (error) {
      this.#fail('while loading', error);
    }
    const timeSpentMs = now() - begin;
    await turns(2); // for what nobody waits for
    for (const { owner, originals } of replaceable) Object.defineProperties(owner, originals);
    mock.reset();
    if (!this.#times.has(file)) this.#times.set(file, timeSpentMs);
    const failed =
      this.#failure === undefined
        ? { status: /** @type {const} */ (0) }
        : { status: /** @type {const} */ (1), failureMessage: this.#failure };
    return [{ id: file, name: file, timeSpentMs, ...failed }, namespace];
  }

  /** The tests of a file, defined by new instances of all its modules. @param {string} file */
  #load(file) {
    let load = this.#scripts.get(file);
    if (!load) {
      const path = resolve(file);
      const code = `(function (require, fileUrl) {${readFileSync(path, 'utf8')}\nreturn bundle.root;})`;
      const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
      const script = new vm.Script(code, { filename: path, importModuleDynamically }).runInThisContext();
      load = () => script(createRequire(path), pathToFileURL(path).href);
      this.#scripts.set(file, load);
    }
    return load();
  }

  /** @param {Suite} suite @param {readonly Suite[]} outer */
  async #suite(suite, outer) {
    const around = [...outer, suite];
    for (const hook of suite.before) await this.#run('before', hook);
    for (const item of suite.items) {
      if (this.#failure !== undefined) break;
      await ('run' in item ? this.#test(item, around) : this.#suite(item, around));
    }
    for (const hook of suite.after) await this.#run('after', hook);
  }

  /** @param {Test} test @param {readonly Suite[]} around */
  async #test({ name, run }, around) {
    /** @type {Test['run'][]} */
    const after = [];
    const context = { name, after: (/** @type {Test['run']} */ hook) => void after.push(hook), diagnostic: () => {} };
    for (const { beforeEach } of around) for (const hook of beforeEach) await this.#run(name, hook, context);
    await this.#run(name, run, context);
    for (const hook of after) await this.#run(name, hook, context);
    for (const { afterEach } of around.toReversed()) for (const hook of afterEach) await this.#run(name, hook, context);
  }

  /** @param {string} name @param {Test['run']} run @param {Parameters<Test['run']>[0]} context */
  async #run(name, run, context = { name, after: () => {}, diagnostic: () => {} }) {
    try {
      await settled(run(context), this.#atRest);
    } catch (error) {
      this.#fail(name, error);
    }
  }

  /** @param {string} name @param {unknown} error */
  #fail(name, error) {
    this.#failure ??= `${name}: ${error}`.slice(0, 500);
  }
}

/** @param {number} count turns of the event loop */
async function turns(count) {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits like `await`, but not for ever. @param {unknown} work @param {number} atRest */
async function settled(work, atRest) {
  if (!(work instanceof Object && 'then' in work)) return;
  let pending = true;
  const done = Promise.resolve(work).finally(() => (pending = false));
  done.catch(() => {});
  await turns(3);
  if (!pending) return done;
  /** @type {NodeJS.Timeout | undefined} */
  let watch;
  const idle = new Promise((_, reject) => {
    let since = now();
    watch = setInterval(() => {
      const ownInterval = 1;
      if (process.getActiveResourcesInfo().length > atRest + ownInterval) since = now();
      else if (now() - since > IDLE_MS) reject(new Error('waits for what will never come'));
    }, IDLE_MS / 10);
  });
  return Promise.race([done, idle]).finally(() => clearInterval(watch));
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'bundles', factory: () => new BundleRunner() }];
