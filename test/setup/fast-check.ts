/** fast-check, whose chance is the same for the same code; `CHANCE_SEED` gives another one. */
import * as fc from 'fast-check';
import { seedOfTheCode } from './code-seed.ts';

fc.configureGlobal({ seed: Number(process.env['CHANCE_SEED'] ?? seedOfTheCode()) });

export { fc };
