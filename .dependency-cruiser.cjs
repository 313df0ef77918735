// The layers, and what each may import. `npm run check` fails on any other import.
const ours = '^(bin|src|mocks|stories|test|examples)/';

/** A layer reaches nothing of ours but itself, `util` and `may`. */
const layer = (name, path, may, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path },
  to: { path: ours, pathNot: [path, util, ...may] },
});

const lifecycle = '^src/lifecycle/';
const util = '^src/util/';
const i18n = '^src/i18n/';
const contract = '^src/adapters/contract[.]ts$';
const adapterTools = '^src/adapters/(heartbeat|optional|read-feed|revision-order)[.]ts$';
const heartbeat = '^src/adapters/heartbeat[.]ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-missing', severity: 'error', from: { path: ours }, to: { couldNotResolve: true } },

    layer('util-alone', '^src/util/', [], 'Leaf helpers import nothing.'),
    layer('lifecycle-alone', lifecycle, [], 'The tables and their rules import nothing.'),
    layer(
      'i18n-alone',
      i18n,
      [lifecycle],
      'The translations know the lifecycles as types, for the keys of their texts.',
    ),
    {
      name: 'i18n-knows-lifecycles-as-types',
      comment: 'A language must not bring a lifecycle along.',
      severity: 'error',
      from: { path: i18n },
      to: { path: lifecycle, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-packages-below',
      comment: 'The lowest layers need no package, and mocks none but what their host brings.',
      severity: 'error',
      from: { path: [util, lifecycle, i18n, '^mocks/'] },
      to: { path: '(^|/)node_modules/' },
    },
    layer(
      'adapters-below-store',
      '^src/adapters/',
      [lifecycle],
      'An adapter knows the lifecycle only: no store, no element.',
    ),
    layer(
      'store-below-elements',
      '^src/store/',
      [lifecycle, contract, adapterTools],
      'The store knows the contract, and what it shares with adapters; no adapter, no element.',
    ),
    layer(
      'elements-know-no-adapter',
      '^src/elements/',
      [lifecycle, i18n, '^src/store/', contract],
      'An element knows lifecycles and translations.',
    ),
    {
      name: 'elements-know-the-store-as-a-type',
      comment: 'A tag alone must not bring the store and RxJS along.',
      severity: 'error',
      from: { path: '^src/elements/' },
      to: { path: ['^src/store/', contract, '(^|/)node_modules/rxjs/'], dependencyTypesNot: ['type-only'] },
    },
    layer(
      'provider',
      '^src/provider/',
      [lifecycle, i18n, '^src/store/', '^src/adapters/', '^src/elements/(shared/|events[.]ts$|routes[.]ts$)'],
      'The provider makes a store, and knows what elements share, but no element.',
    ),
    layer('cdn', '^src/cdn/', ['^src/'], 'The files for pages without a bundler contain what a host would import.'),
    layer('testing', '^src/testing/', ['^src/'], 'Helpers for the tests of hosts use what a host would.'),
    layer(
      'conformance-knows-the-contract',
      '^src/conformance/(?!command)',
      [lifecycle, contract, heartbeat],
      'The kit proves any adapter right, and has none of its own.',
    ),
    layer(
      'conformance-command',
      '^src/conformance/command',
      ['^src/conformance/', contract, '^src/adapters/(http|responses)[.]ts$'],
      'Only the command reaches a url, and runs in Node.',
    ),
    layer(
      'bin-dispatches',
      '^bin/',
      ['^src/conformance/command[.]ts$', '^mocks/server/command[.]ts$'],
      'The command of the package chooses, and does nothing itself.',
    ),
    {
      name: 'src-reaches-no-mock',
      comment: 'Mocks are an entry of their own, for the stories and tests of hosts.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['^(bin|mocks|stories|test|examples|tools)/', '(^|/)node_modules/msw/'] },
    },
    layer(
      'mocks-know-the-contract',
      '^mocks/',
      [lifecycle, contract],
      'The simulated backend knows what a real one would.',
    ),
    {
      name: 'mocks-run-in-a-browser',
      comment: 'Only the server behind a real port is for Node.',
      severity: 'error',
      from: { path: '^mocks/', pathNot: '^mocks/server/' },
      to: { path: '^mocks/server/' },
    },
    {
      name: 'library-runs-anywhere',
      severity: 'error',
      from: { path: ['^src/(?!conformance/command)', '^mocks/(?!server/)'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'library-brings-its-packages',
      comment: 'What src imports must be a dependency that an install brings.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-peer', 'npm-optional'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // sees type imports too
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
