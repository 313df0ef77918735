// All tests, all checks, the package: everything runs, whatever fails. `--full`: for a release, with what takes long.
import { packageChecks, sourceChecks } from './check.mjs';
import { Tally } from './tally.mjs';
import { longSuites, releaseSuites } from './test.mjs';

const full = process.argv.includes('--full');
const tally = new Tally();
await tally.tests('npm test', ['tools/test.mjs']);
await packageChecks(tally); // of the build that `npm test` has made
const { stories, pictures, model, defects, endurance, ...waiting } = longSuites;
await tally.atOnce(
  // What computes, and what waits for the network, for the clock and for browsers.
  async (computing) => {
    await sourceChecks(computing);
    await computing.nodeTests('package', 'test/system/package');
    for (const suite of [stories, pictures, model, defects]) await suite(computing);
  },
  async (other) => {
    for (const suite of Object.values(waiting)) await suite(other);
  },
);
await endurance(tally); // it measures how soon a page responds
if (full) for (const suite of Object.values(releaseSuites)) await suite(tally);
tally.close();
