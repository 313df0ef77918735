// Stryker's test runner for the bundles: runs them in its own process, again for each mutant. Stryker's runner for TAP starts a process for
// each test file of each mutant, which takes ten times as long; those for other frameworks would keep modules, mocked clocks and pending
// timers of one mutant for the next.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { mock } from 'node:test';
import vm from 'node:vm';

/** @typedef {import('./node-test.mjs').Suite} Suite */
/** @typedef {import('./node-test.mjs').Test} Test */
/** @typedef {{ activeMutant?: string, hitLimit?: number, hitCount?: number, currentTestId?: string | undefined, mutantCoverage: { static: Hits, perTest: Record<string, Hits> } }} Namespace what instrumented code reads and writes */
/** @typedef {Record<string, number>} Hits how often the code of each mutant ran */
/** @typedef {{ id: string, name: string, timeSpentMs: number, status: 0 | 1, failureMessage?: string }} Result of a test; 1: failed */

/** What is pending while no timer runs and nothing is read will never settle. It must be so at several looks, with a pause (ms) between. */
const IDLE = { looks: 10, pauseMs: 10 };
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
  /** How long each test took at first (ms): the quick ones go first. @type {Map<string, number>} */
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

  /** All tests without a mutant, and which mutants' code each of them runs. */
  async dryRun() {
    const tests = [];
    /** @type {Record<string, Hits>} */
    const perTest = {};
    for (const file of this.#files) {
      const { results, namespace } = await this.#file(file, {});
      tests.push(...results);
      const { static: always, perTest: own } = namespace.mutantCoverage;
      for (const { id } of results) perTest[id] = { ...always, ...own[id] };
    }
    return { status: 'complete', tests, mutantCoverage: { static: {}, perTest } };
  }

  /** The tests that run a mutant's code, until one finds it. @param {{ activeMutant: { id: string }, testFilter?: string[], hitLimit?: number }} options */
  async mutantRun({ activeMutant, testFilter = [], hitLimit = Infinity }) {
    let nrOfTests = 0;
    for (const [file, ids] of this.#quickFirst(testFilter)) {
      const { results, namespace } = await this.#file(
        file,
        { activeMutant: activeMutant.id, hitLimit, hitCount: 0 },
        ids,
      );
      nrOfTests += results.length;
      if ((namespace.hitCount ?? 0) > hitLimit) return { status: 'timeout', reason: `an endless loop in ${file}` };
      const failed = results.find(({ status }) => status === 1);
      if (failed)
        return { status: 'killed', killedBy: [failed.id], failureMessage: failed.failureMessage ?? '', nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }

  /** The files of these tests. @param {string[]} ids */
  #quickFirst(ids) {
    /** @type {Map<string, Set<string>>} */
    const files = new Map();
    for (const id of ids) {
      const file = id.slice(0, id.indexOf(': '));
      files.set(file, (files.get(file) ?? new Set()).add(id));
    }
    const time = (/** @type {Set<string>} */ of) => [...of].reduce((sum, id) => sum + (this.#times.get(id) ?? 0), 0);
    return [...files].sort(([, a], [, b]) => time(a) - time(b));
  }

  /** Runs the tests of a file, or only these, until one fails. @param {string} file @param {Partial<Namespace>} mutant @param {ReadonlySet<string>} [ids] */
  async #file(file, mutant, ids) {
    /** @type {Namespace} */
    const namespace = { ...mutant, mutantCoverage: { static: {}, perTest: {} } };
    Object.assign(globalThis, { __stryker__: namespace });
    this.#failure = undefined;
    for (const event of ['uncaughtException', 'unhandledRejection'])
      process.removeAllListeners(event).on(event, (error) => this.#fail('uncaught', error));
    this.#atRest = process.getActiveResourcesInfo().length;
    /** @type {Result[]} */
    const results = [];
    const id = (/** @type {Test} */ { name }) => `${file}: ${name}`;
    const run = async (/** @type {Test} */ test, /** @type {readonly Suite[]} */ around) => {
      namespace.currentTestId = id(test);
      const begin = now();
      await this.#test(test, around);
      const timeSpentMs = now() - begin;
      namespace.currentTestId = undefined;
      results.push({ id: id(test), name: id(test), timeSpentMs, status: 0 });
    };
    try {
      await this.#suite(this.#load(file), [], (test) => !ids || ids.has(id(test)), run);
    } catch (error) {
      this.#fail('while loading', error);
    }
    await turns(2); // for what nobody waits for
    for (const { owner, originals } of replaceable) Object.defineProperties(owner, originals);
    mock.reset();
    for (const { id, timeSpentMs } of results) if (!this.#times.has(id)) this.#times.set(id, timeSpentMs);
    if (this.#failure !== undefined) {
      const last = results.pop() ?? { id: file, name: file, timeSpentMs: 0 };
      results.push({ ...last, status: 1, failureMessage: this.#failure });
    }
    return { results, namespace };
  }

  /** The tests of a file, defined by new instances of all its modules. @param {string} file */
  #load(file) {
    let load = this.#scripts.get(file);
    if (!load) {
      const path = resolve(file);
      const code = `(function (require) {${readFileSync(path, 'utf8')}\nreturn bundle.root;})`;
      const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
      const script = new vm.Script(code, { filename: path, importModuleDynamically }).runInThisContext();
      load = () => script(createRequire(path));
      this.#scripts.set(file, load);
    }
    return load();
  }

  /**
   * @param {Suite} suite
   * @param {readonly Suite[]} outer
   * @param {(test: Test) => boolean} wanted
   * @param {(test: Test, around: readonly Suite[]) => Promise<void>} run
   */
  async #suite(suite, outer, wanted, run) {
    if (!hasAny(suite, wanted)) return;
    const around = [...outer, suite];
    for (const hook of suite.before) await this.#run('before', hook);
    for (const item of suite.items) {
      if (this.#failure !== undefined) break;
      if ('items' in item) await this.#suite(item, around, wanted, run);
      else if (wanted(item)) await run(item, around);
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

/** @param {Suite} suite @param {(test: Test) => boolean} wanted @returns {boolean} */
function hasAny(suite, wanted) {
  return suite.items.some((item) => ('items' in item ? hasAny(item, wanted) : wanted(item)));
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
    let looks = 0;
    watch = setInterval(() => {
      const ownInterval = 1;
      looks = process.getActiveResourcesInfo().length > atRest + ownInterval ? 0 : looks + 1;
      if (looks > IDLE.looks) reject(new Error('waits for what will never come'));
    }, IDLE.pauseMs);
  });
  return Promise.race([done, idle]).finally(() => clearInterval(watch));
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'bundles', factory: () => new BundleRunner() }];
