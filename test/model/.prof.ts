import * as fc from 'fast-check';
import { play, settings, turns } from './schedule.ts';
const n = Number(process.argv[2] ?? 200);
const samples = fc.sample(fc.tuple(settings, turns), { numRuns: n, seed: 7 });
const c0 = process.cpuUsage();
const t = performance.now();
let slow: [number, string][] = [];
for (const [s, c] of samples) {
  const a = process.cpuUsage();
  await play(s, c).catch((e) => console.log('fail', String(e).slice(0, 150)));
  const u = process.cpuUsage(a);
  slow.push([(u.user + u.system) / 1000, '[' + String(c) + ']']);
}
const u = process.cpuUsage(c0);
console.log('cpu ms/run', (u.user + u.system) / 1000 / n, 'wall', (performance.now() - t) / n);
slow.sort((a, b) => b[0] - a[0]);
for (const [ms, c] of slow.slice(0, 3)) console.log(ms, c.slice(0, 1500));
console.log('median', slow[n >> 1][0]);
