// npm test: every runner, one after the other. `npm test -- node` (or browser, e2e) runs one of them.
import { pathToFileURL } from 'node:url';
import { bin, Tally } from './tally.mjs';

export const suites = {
  /** Tables, words, store, adapters and mocks, in plain Node. @param {Tally} tally */
  async node(tally) {
    await tally.nodeTests('in Node', 'test/node');
  },

  /** Elements, and every story, in a browser. @param {Tally} tally */
  async browser(tally) {
    await buildStorybook(tally);
    await tally.tests('in the browser', [bin('@web/test-runner', 'wtr')]);
  },

  /** Built pages over real ports, with real clicks and keys. @param {Tally} tally */
  async e2e(tally) {
    if (!tally.results.some(({ name }) => name === 'Storybook build')) await buildStorybook(tally);
    await tally.check('package build', ['tools/build.mjs']);
    await tally.nodeTests('end to end', 'test/e2e');
  },
};

/** @param {Tally} tally */
function buildStorybook(tally) {
  return tally.check('Storybook build', [
    bin('storybook'),
    'build',
    '--quiet',
    '--loglevel',
    'warn',
    '--disable-telemetry',
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !(name in suites));
  if (unknown) throw new Error(`There is no suite "${unknown}". There are: ${Object.keys(suites).join(', ')}.`);
  const tally = new Tally();
  for (const [name, suite] of Object.entries(suites))
    if (asked.length === 0 || asked.includes(name)) await suite(tally);
  tally.close();
}
