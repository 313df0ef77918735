// A reporter for Node's test runner that hands its numbers to tools/tally.mjs.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, skip?: unknown, todo?: unknown, details?: { type?: string } }} Data
 * @param {AsyncIterable<{ type: string, data: Data }>} source
 */
export default async function* counts(source) {
  const counted = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    if (/\.(test\.ts|mjs)$/.test(data.name)) {
      // A file counts as a test only when it holds none, or could not be loaded. Both are wrong.
      counted.failed++;
      if (type === 'test:pass') yield `There is no test in ${data.name}.\n`;
    } else if (data.skip !== undefined || data.todo !== undefined) counted.skipped++;
    else if (type === 'test:pass') counted.passed++;
    else counted.failed++;
  }
  if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counted));
}
