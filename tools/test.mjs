// npm test: unit, elements and e2e. `npm test -- unit` (or elements, kill, …) runs one of them.
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { folders } from './mutation/folders.mjs';
import { bin, Tally } from './tally.mjs';

/** The folders of test/unit in which no test mocks timers or globals for a whole file. */
const withoutGlobals = [
  ...['contract', 'faults', 'i18n', 'lifecycle', 'manifest', 'mocks', 'model', 'security', 'store', 'tokens'],
];

/** What `npm test` runs. */
export const suites = {
  /** Tables, words, store, adapters, conformance and mocks, in plain Node. @param {Tally} tally */
  async unit(tally) {
    await tally.nodeTests('unit', 'test/unit', { atOnce: 2 * availableParallelism(), shared: withoutGlobals });
  },

  /** Elements in a browser. @param {Tally} tally */
  async elements(tally) {
    await tally.tests('elements', [bin('@web/test-runner', 'wtr')]);
  },

  /** Built pages over real ports, with real clicks and keys. @param {Tally} tally */
  async e2e(tally) {
    await buildStorybook(tally);
    await tally.check('package build', ['tools/build.mjs']);
    await tally.nodeTests('end to end', 'test/system/e2e');
  },
};

/** What takes longer, or needs more than Node and a browser. Asked for by name, and all of it by CI. */
export const longSuites = {
  /** Elements in Firefox and WebKit. @param {Tally} tally */
  async browsers(tally) {
    await tally.tests('Firefox and WebKit', [
      bin('@web/test-runner', 'wtr'),
      '--config',
      'tools/engines-wtr.config.mjs',
    ]);
  },

  /** Elements in pages that clash with them: odd values, translators, clickable cards, a script that comes late. @param {Tally} tally */
  async 'host-pages'(tally) {
    await tally.tests('host pages', [bin('@web/test-runner', 'wtr'), '--files', 'test/system/host-pages/**/*.test.ts']);
  },

  /** A page that does to the elements all that hosts do, beside a clean one. @param {Tally} tally */
  async 'hostile-page'(tally) {
    await tally.nodeTests('hostile page', 'test/system/hostile-page');
  },

  /** Every story: it plays, and axe finds nothing. @param {Tally} tally */
  async stories(tally) {
    await buildStorybook(tally);
    await tally.tests('stories', [bin('@web/test-runner', 'wtr'), '--files', 'test/system/stories/**/*.test.ts']);
  },

  /** Both lifecycles by keyboard alone and by touch alone. @param {Tally} tally */
  async input(tally) {
    await tally.nodeTests('one device', 'test/system/input');
  },

  /** A host page under the strictest policy. @param {Tally} tally */
  async security(tally) {
    await tally.nodeTests('security', 'test/system/security');
  },

  /** Several pages that share one connection. @param {Tally} tally */
  async tabs(tally) {
    await tally.nodeTests('across tabs', 'test/system/tabs');
  },

  /** The apps of examples/, each installed from the packed package. @param {Tally} tally */
  async examples(tally) {
    await tally.nodeTests('examples', 'test/system/examples');
  },

  /** What the packaged browser lacks. @param {Tally} tally */
  async 'full-browser'(tally) {
    await tally.nodeTests('full browser', 'test/system/full-browser');
  },

  /** How elements look, against stored pictures. @param {Tally} tally */
  async pictures(tally) {
    await buildStorybook(tally);
    await tally.nodeTests('pictures', 'test/system/pictures');
  },

  /** The store under thousands of schedules, against a model. @param {Tally} tally */
  async model(tally) {
    await tally.tests('model', ['--import', 'tsx', 'test/slow/model/main.ts']);
  },

  /** The backend as a process that is killed, stopped and cut off. @param {Tally} tally */
  async kill(tally) {
    await tally.nodeTests('killed backends', 'test/slow/kill');
  },

  /** A real nats-server. @param {Tally} tally */
  async nats(tally) {
    await tally.nodeTests('NATS', 'test/system/nats');
  },

  /** The code in the docs, compiled and run. @param {Tally} tally */
  async docs(tally) {
    await tally.nodeTests('docs', 'test/system/docs', { atOnce: availableParallelism() });
  },

  /** The commands of the package, from source. @param {Tally} tally */
  async command(tally) {
    await tally.nodeTests('command', 'test/system/command', { atOnce: availableParallelism() });
  },

  /** A minute of hostile records, and what it leaves in memory. @param {Tally} tally */
  async endurance(tally) {
    await tally.nodeTests('endurance', 'test/slow/endurance');
  },

  /** The tests themselves: each known defect must turn them red. @param {Tally} tally */
  async defects(tally) {
    await tally.tests('defects', ['--import', 'tsx', 'tools/defects.ts']);
  },
};

/** For releases: what takes long for what it may find. */
export const releaseSuites = {
  /** Three nats-servers, one of which is killed. @param {Tally} tally */
  async 'nats-cluster'(tally) {
    await tally.nodeTests('NATS cluster', 'test/slow/nats-cluster');
  },

  /** The apps of examples/ in frameworks that take long to install and to build. @param {Tally} tally */
  async 'more-examples'(tally) {
    await tally.nodeTests('more examples', 'test/slow/examples');
  },

  /** The tests themselves: changes to the code must turn them red. @param {Tally} tally */
  async mutation(tally) {
    for (const folder of Object.keys(folders))
      await tally.check(`mutants of ${folder}`, ['tools/mutation/main.mjs', '--force', folder]);
  },
};

/** Builds the stories, unless this run has done so. @param {Tally} tally */
async function buildStorybook(tally) {
  if (tally.results.some(({ name }) => name === 'Storybook build')) return;
  await tally.check('Storybook build', [
    bin('storybook'),
    'build',
    '--quiet',
    '--loglevel',
    'warn',
    '--disable-telemetry',
  ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  /** @type {Record<string, (tally: Tally) => Promise<void>>} */
  const all = { ...suites, ...longSuites, ...releaseSuites };
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown) throw new Error(`There is no suite "${unknown}". There are: ${Object.keys(all).join(', ')}.`);
  const tally = new Tally();
  for (const name of names) await all[name]?.(tally);
  if (names.length === 0) {
    console.log('Two to three minutes on two cores; what a step prints appears when it ends.');
    await tally.atOnce(async (inNode) => {
      await suites.unit(inNode);
      await suites.e2e(inNode);
    }, suites.elements);
  }
  tally.close();
}
