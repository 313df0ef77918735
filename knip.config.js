// What nothing uses, files, exports and packages, makes `npm run check` fail.
import { readFileSync } from 'node:fs';

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
/** The sources of the package's entries: `./dist/types/src/index.d.ts` is made from `src/index.ts`. */
const entries = Object.values(exports).flatMap(({ types }) =>
  types?.startsWith('./dist/') ? [types.replace('./dist/types/', '').replace('.d.ts', '.ts')] : [],
);

export default {
  // What hosts write, in projects of their own.
  ignore: [
    'examples/{angular,astro,next,react,solid,svelte,vue}/**',
    'test/system/{package/frameworks,examples/wrong}/*',
    '**/*.css', // pages link them
  ],
  entry: [
    ...entries,
    'test/**/*.{test,test-d}.ts',

    // Started or loaded by their path, not by an import: scripts and configurations, pages, what the command checks.
    '*.config.{mjs,ts}',
    '.storybook/vite.config.ts',
    'tools/{ci,check-*,node-counts,failed-tests,{defects,engines}-wtr.config}.mjs',
    'tools/mutation/{bundles,node-test,runner,stryker.config}.mjs',
    'src/cdn/*.ts',
    '{examples,test}/**/{plain,page,no-bundler}/*.js',
    'examples/{adapters/*,testing}/*.js',
    'test/system/nats/measure.ts',
    'test/support/{security,hostile-page}/kit.ts',
    'test/system/hostile-page/page/main.ts',
    'test/system/command/subjects/*.ts',
    'bench/*/{subjects,peers}/*',
    'public/mockServiceWorker.js',
  ],
  vite: false, // its config builds every source as a file of its own, so knip would take each of them for an entry
  ignoreIssues: { 'bench/*/peers/*': ['unlisted', 'unresolved'] }, // the benchmark's own packages: bench/package.json
  ignoreDependencies: [
    // Programs that tools start by name, through `bin` in tools/tally.mjs.
    '@arethetypeswrong/cli',
    '@redocly/cli',
    '@stryker-mutator/core',
    'dependency-cruiser',
    'publint',

    'bootstrap', // test/support/hostile-page reads its style sheet
    'types-react-18', // the types that test/system/package links as those of React
  ],
};
