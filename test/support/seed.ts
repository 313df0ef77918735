/**
 * The random seed of every property test and of the model. It is fixed, so that only a change of the code can turn a
 * run red; `SEED=n` sets another, and `.ci/full` draws one.
 */
export const SEED = Number(process.env['SEED'] ?? 1);
