// A test runner reporter that says how many tests ran, and hands the numbers to tools/tally.mjs.
import { writeFileSync } from 'node:fs';

/** @returns {import('@web/test-runner').Reporter} */
export function countsReporter() {
  return {
    onTestRunFinished({ sessions }) {
      let passed = 0;
      let failed = 0;
      let skipped = 0;
      for (const session of sessions) {
        /** @param {typeof session.testResults} suite */
        const add = (suite) => {
          for (const test of suite?.tests ?? []) {
            if (test.skipped) skipped++;
            else if (test.passed) passed++;
            else failed++;
          }
          suite?.suites.forEach(add);
        };
        add(session.testResults);
        // A file that could not be loaded, or a failing hook, is no test, and no success either.
        failed += session.errors.length;
      }
      console.log(`\nIn the browser: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
      if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify({ passed, failed, skipped }));
    },
  };
}
