/** fast-check with a seed derived from the code; `CHANCE_SEED` sets another one. */
import * as fc from 'fast-check';
import { seedOfTheCode } from './code-seed.ts';

fc.configureGlobal({ seed: Number(process.env['CHANCE_SEED'] ?? seedOfTheCode()) });

export { fc };
