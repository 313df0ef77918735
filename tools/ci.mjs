// All tests, all checks, the package: everything runs, whatever fails.
import { checks } from './check.mjs';
import { bin, Tally } from './tally.mjs';
import { suites } from './test.mjs';

const tally = new Tally();
for (const suite of Object.values(suites)) await suite(tally);
await checks(tally);
await tally.check('publint', [bin('publint'), '--strict', '--pack', 'npm']);
await tally.nodeTests('package', 'test/package');
tally.close();
