// All tests, all checks, the package: everything runs, whatever fails. `--full`: for a release, with what takes long.
import { checks } from './check.mjs';
import { bin, Tally } from './tally.mjs';
import { longSuites, releaseSuites } from './test.mjs';

const full = process.argv.includes('--full');
const tally = new Tally();
await tally.tests('npm test', ['tools/test.mjs']);
await checks(tally);
await tally.check('publint', [bin('publint'), '--strict', '--pack', 'npm']);
await tally.nodeTests('package', 'test/package');
for (const suite of Object.values(longSuites)) await suite(tally);
if (full) for (const suite of Object.values(releaseSuites)) await suite(tally);
tally.close();
