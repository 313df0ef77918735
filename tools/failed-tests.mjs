// Reporters for Node's test runner and for the browser's that tell tools/defects.ts which tests ran, and which failed.
import { writeFileSync } from 'node:fs';

/**
 * What a run came to. `failed`: titles, each after those of the groups around it. `broken`: files that could not be loaded or
 * hold no test.
 *
 * @typedef {{ passed: number, failed: string[], broken: string[] }} Outcome
 */

/** @param {Outcome} outcome */
function hand(outcome) {
  if (process.env.OUTCOME_FILE) writeFileSync(process.env.OUTCOME_FILE, JSON.stringify(outcome));
}

/**
 * For Node.
 *
 * @typedef {{ name: string, nesting: number, details?: { type?: string } }} Data
 * @param {AsyncIterable<{ type: string, data: Data }>} source
 */
export default async function* failedTests(source) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: [], broken: [] };
  /** @type {string[]} */
  let around = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') around = [...around.slice(0, data.nesting), data.name];
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    if (data.name.endsWith('.test.ts')) outcome.broken.push(data.name);
    else if (type === 'test:pass') outcome.passed++;
    else outcome.failed.push([...around.slice(0, data.nesting), data.name].join(' › '));
  }
  hand(outcome);
  yield '';
}

/** For the browser. @returns {import('@web/test-runner').Reporter} */
export function failedBrowserTests() {
  return {
    onTestRunFinished({ sessions }) {
      /** @type {Outcome} */
      const outcome = { passed: 0, failed: [], broken: [] };
      for (const { testFile, testResults, errors } of sessions) {
        /** @param {NonNullable<typeof testResults>} suite @param {string[]} path */
        const add = (suite, path) => {
          for (const test of suite.tests) {
            if (test.passed) outcome.passed++;
            // Those that were not asked for have neither passed nor an error.
            else if (test.error) outcome.failed.push([...path, test.name].join(' › '));
          }
          for (const inner of suite.suites) add(inner, [...path, inner.name]);
        };
        if (testResults) add(testResults, []);
        if (!testResults || errors.length) outcome.broken.push(testFile);
      }
      hand(outcome);
    },
  };
}
