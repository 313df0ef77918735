// A test runner reporter that says how many tests ran in each engine, and hands the numbers to tools/tally.mjs.
import { writeFileSync } from 'node:fs';

/** @returns {import('@web/test-runner').Reporter} */
export function countsReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const sum = { passed: 0, failed: 0, skipped: 0 };
      const engines = new Set(sessions.map(({ browser }) => browser.name));
      for (const engine of engines) {
        const counts = { passed: 0, failed: 0, skipped: 0 };
        /** @type {Map<string, number>} */
        const reasons = new Map();
        /** @param {(typeof sessions)[number]['testResults']} suite */
        const add = (suite) => {
          for (const { name, skipped, passed } of suite?.tests ?? []) {
            counts[skipped ? 'skipped' : passed ? 'passed' : 'failed']++;
            const reason = skipped && (/\(not run: (.*)\)$/.exec(name)?.[1] ?? 'see the test');
            if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
          }
          suite?.suites.forEach(add);
        };
        for (const { browser, testResults, errors } of sessions) {
          if (browser.name !== engine) continue;
          add(testResults);
          // A file that could not be loaded, or a failing hook, is no test, and no success either.
          counts.failed += errors.length;
        }
        const { passed, failed, skipped } = counts;
        console.log(`\nIn ${engine}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} not run` : ''}`);
        for (const [reason, times] of reasons) console.log(`  not run: ${times} × ${reason}`);
        for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) sum[key] += counts[key];
      }
      if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(sum));
    },
  };
}
