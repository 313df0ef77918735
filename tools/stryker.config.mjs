// Stryker's configuration for one folder, which tools/mutation.mjs names in the environment.
import { outputOf } from './mutation-folders.mjs';

const folder = process.env.MUTATION_FOLDER ?? 'src/lifecycle';
const output = outputOf(folder);

export default {
  testRunner: 'tap',
  tap: { testFiles: ['test/unit/**/*.test.*.mjs'] },
  mutate: [folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`],
  // Node starts a bundle in a fifth of the time that it starts the sources through tsx.
  buildCommand: 'node tools/mutation-bundles.mjs',
  disableTypeChecks: false,
  tempDirName: '.cache/mutation/sandboxes',
  ignorePatterns: ['.cache', 'bench', 'dist', 'docs', 'storybook-static', 'stories', '/test/elements', '/test/system'],
  incremental: true,
  incrementalFile: `${output}/incremental.json`,
  jsonReporter: { fileName: `${output}/report.json` },
  reporters: ['json', 'progress-append-only'],
  // A mutant that ends no test costs this time, and a slow machine must not count as a dead mutant.
  timeoutMS: 10_000,
  timeoutFactor: 3,
  thresholds: { high: 95, low: 85, break: 85 },
  allowConsoleColors: false,
  checkers: [],
};
