// npm run test:pictures: compares how elements look with the stored pictures. `-- --update` stores new ones where they differ.
import { parseArgs } from 'node:util';
import { Tally } from './tally.mjs';
import { longSuites } from './test.mjs';

const { values } = parseArgs({ options: { update: { type: 'boolean' } } });
if (values.update && process.env.CI) throw new Error('Pictures are not updated in CI: nobody would look at them.');
if (values.update) process.env.UPDATE_PICTURES = '1';
const tally = new Tally();
await longSuites.pictures(tally);
tally.close();
