import * as fc from 'fast-check';
import { play, settings, turns } from '/work/main/test/model/schedule.ts';
const runs = Number(process.argv[2] ?? 100),
  seed = Number(process.argv[3] ?? 1);
const t = performance.now();
let n = 0;
const r = await fc.check(
  fc.asyncProperty(settings, turns, async (s, c) => {
    n++;
    await play(s, c);
  }),
  { numRuns: runs, seed, timeout: 20000, interruptAfterTimeLimit: 500000 },
);
const ms = performance.now() - t;
console.log(r.failed ? 'FAILED' : 'ok', 'runs', r.numRuns, 'executed', n, 'ms/run', ms / n, r.numShrinks);
if (r.failed) {
  console.log(JSON.stringify(r.counterexample?.[0]), String(r.counterexample?.[1]));
  console.log((r.errorInstance as Error)?.stack?.slice(0, 12000));
  console.log('path', r.counterexamplePath);
}
