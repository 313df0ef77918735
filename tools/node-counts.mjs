// A reporter for Node's test runner that hands its numbers to tools/tally.mjs.
import { writeFileSync } from 'node:fs';

/** @param {AsyncIterable<{ type: string, data: { message: string, nesting: number } }>} source */
export default async function* counts(source) {
  /** @type {Record<string, number>} */
  const said = {};
  for await (const { type, data } of source) {
    // The summary comes as remarks: "tests 12", "pass 11", ...
    const match =
      type === 'test:diagnostic' &&
      data.nesting === 0 &&
      /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message);
    if (match) said[match[1] ?? ''] = Number(match[2]);
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0, todo = 0 } = said;
  if (process.env.COUNTS_FILE) {
    writeFileSync(
      process.env.COUNTS_FILE,
      JSON.stringify({ passed: pass, failed: fail + cancelled, skipped: skipped + todo }),
    );
  }
  yield '';
}
