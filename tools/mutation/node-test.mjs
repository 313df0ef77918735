// Stands in for `node:test` in the bundles of mutation tests: collects the tests of a file, so that runner.mjs can run them many times in
// one process.
import { mock } from 'node:test';

/** @typedef {{ name: string, after: (hook: Hook) => void, diagnostic: () => void }} Context */
/** @typedef {(context: Context) => unknown} Hook */
/** @typedef {{ name: string, run: Hook }} Test */
/** @typedef {{ before: Hook[], after: Hook[], beforeEach: Hook[], afterEach: Hook[], items: (Suite | Test)[] }} Suite */

/** @returns {Suite} */
export const suite = () => ({ before: [], after: [], beforeEach: [], afterEach: [], items: [] });

/** All tests of the file, and where the next one goes. */
export const root = suite();
let current = root;

/** @param {string} _name @param {() => void} define */
export function describe(_name, define) {
  const outer = current;
  current = suite();
  outer.items.push(current);
  define();
  current = outer;
}

/** @param {string} name @param {[Hook] | [object, Hook]} rest */
export function test(name, ...rest) {
  current.items.push({ name, run: /** @type {Hook} */ (rest.at(-1)) });
}

/** @param {Hook} hook */
export const before = (hook) => void current.before.push(hook);
/** @param {Hook} hook */
export const after = (hook) => void current.after.push(hook);
/** @param {Hook} hook */
export const beforeEach = (hook) => void current.beforeEach.push(hook);
/** @param {Hook} hook */
export const afterEach = (hook) => void current.afterEach.push(hook);

export { test as it, mock };
