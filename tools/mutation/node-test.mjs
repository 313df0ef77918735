// Stands in for `node:test` in the bundles of mutation tests: collects the tests of a file, so that runner.mjs can run them many times in
// one process.
import { mock } from 'node:test';

/** @typedef {{ name: string, after: (hook: Hook) => void, diagnostic: () => void }} Context */
/** @typedef {(context: Context) => unknown} Hook */
/** @typedef {{ name: string, run: Hook }} Test with the names of the suites around it, so that no two are the same */
/** @typedef {{ name: string, before: Hook[], after: Hook[], beforeEach: Hook[], afterEach: Hook[], items: (Suite | Test)[] }} Suite */

/** @param {string} name @returns {Suite} */
const suite = (name) => ({ name, before: [], after: [], beforeEach: [], afterEach: [], items: [] });

/** All tests of the file, and where the next one goes. */
export const root = suite('');
let current = root;
/** @type {Set<string>} */
const names = new Set();

/** @param {string} name @param {() => void} define */
export function describe(name, define) {
  const outer = current;
  current = suite(`${outer.name}${name} > `);
  outer.items.push(current);
  define();
  current = outer;
}

/** @param {string} title @param {[Hook] | [object, Hook]} rest */
export function test(title, ...rest) {
  let name = current.name + title;
  while (names.has(name)) name += ', again';
  names.add(name);
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
