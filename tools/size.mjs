// npm run size: what each entry and some sets of entries cost a page, against the budgets in size-budgets.json. Reads dist/.
// `--update` sets each budget to the size of now and 2 %.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleSize } from './bundle-size.mjs';
import { root } from './tally.mjs';

/** What hosts import together. */
const sets = {
  tag: ['./campaign-status-tag/define'],
  'tag and button': ['./campaign-status-tag/define', './campaign-action-button/define'],
  'list, header, provider and HTTP adapter': [
    './campaign-list/define',
    './campaign-header/define',
    './campaign-provider/define',
    './adapters/http',
  ],
  'all elements': ['./define'],
  'one module, without a bundler': ['./cdn/campaign-status-kit.js'],
  'loader, without a bundler': ['./cdn/loader.js'],
};
/** @type {{ name: string, exports: Record<string, string | { default?: string }> }} */
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string' || !target.default ? [] : [/** @type {[string, string[]]} */ ([entry, [entry]])],
);
const rows = [...Object.entries(sets), ...entries];

/** In kB (1,000 bytes): what loads at once, and what loads later. @typedef {{ first: number, lazy: number }} Budget */
const table = join(root, 'tools/size-budgets.json');
/** @type {Record<string, Budget>} */
const budgets = JSON.parse(readFileSync(table, 'utf8'));
/** @type {Record<string, Budget>} */
const updated = {};
/** @type {string[]} */
const problems = Object.keys(budgets)
  .filter((name) => !rows.some(([row]) => row === name))
  .map((name) => `There is a budget for ${name}, but no such entry or set.`);

const kB = (/** @type {number | undefined} */ value) => value?.toFixed(1) ?? '–';
const print = (/** @type {string[]} */ [name = '', ...rest]) =>
  console.log(name.padEnd(42) + rest.map((text) => text.padStart(12)).join(''));
/** Two per cent above, and up to the next tenth. @param {number} bytes */
const budgetFor = (bytes) => Math.ceil((bytes * 1.02) / 100) / 10;

/** @param {string} what @param {import('./bundle-size.mjs').Load} load @param {number} budget */
function compare(what, { bytes, modules }, budget) {
  if (bytes < budget * 500)
    problems.push(`${what} is less than half of its budget: modules are missing, or the budget is to be updated.`);
  const over = bytes - Math.round(budget * 1000);
  if (over <= 0) return;
  problems.push(`${what} is ${over} bytes over its budget. The heaviest modules, in kB before compression:`);
  for (const { name, bytes } of modules.slice(0, 8)) problems.push(`${kB(bytes / 1000).padStart(8)} ${name}`);
}

print(['kB, brotli', 'first load', 'budget', 'lazy', 'budget']);
for (const [name, imports] of rows) {
  const specifiers = imports.map((entry) => manifest.name + entry.slice(1));
  const { first, lazy } = await bundleSize(specifiers, root);
  const budget = budgets[name];
  print([name, kB(first.bytes / 1000), kB(budget?.first), kB(lazy.bytes / 1000), kB(budget?.lazy)]);
  updated[name] = { first: budgetFor(first.bytes), lazy: budgetFor(lazy.bytes) };
  if (budget) {
    compare(`${name}: the first load`, first, budget.first);
    compare(`${name}: what loads later`, lazy, budget.lazy);
  } else problems.push(`${name} has no budget.`);
}

if (process.argv.includes('--update')) {
  const lines = Object.entries(updated).map(
    ([name, { first, lazy }]) => `  ${JSON.stringify(name)}: { "first": ${first}, "lazy": ${lazy} }`,
  );
  writeFileSync(table, `{\n${lines.join(',\n')}\n}\n`);
} else if (problems.length) {
  console.error(`\n${problems.join('\n')}`);
  process.exitCode = 1;
}
