/** fast-check with the seed of all random tests. */
import * as fc from 'fast-check';
import { SEED } from './seed.ts';

fc.configureGlobal({ seed: SEED });

export { fc };
