// Stryker's configuration for a folder or a file, which main.mjs names in the environment.
import { fileURLToPath } from 'node:url';
import { folderOf, outputOf } from './folders.mjs';

const path = process.env.MUTATION_PATH ?? 'src/lifecycle';
const output = outputOf(folderOf(path));
const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

export default {
  testRunner: 'bundles',
  plugins: [here('runner.mjs')],
  mutate: [path.endsWith('.ts') ? path : `${path}/**/*.ts`],
  buildCommand: 'node tools/mutation/bundles.mjs',
  disableTypeChecks: false, // nothing checks types
  tempDirName: '.cache/mutation/sandboxes',
  ignorePatterns: ['.cache', 'bench', 'dist', 'docs', 'storybook-static', 'stories', '/test/elements', '/test/system'],
  incremental: true,
  incrementalFile: `${output}/incremental.json`,
  jsonReporter: { fileName: `${output}/report.json` },
  reporters: ['json', 'progress-append-only'],
  timeoutMS: 30_000, // a slow machine must not count as a test that found something
  timeoutFactor: 2,
  thresholds: { high: 95, low: 85, break: 85 },
  allowConsoleColors: false,
};
