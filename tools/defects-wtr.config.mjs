// The browser's tests as ever, but for which are run and what is told of them: see tools/defects.ts.
import config from '../web-test-runner.config.mjs';
import { failedBrowserTests } from './failed-tests.mjs';

export default {
  ...config,
  rootDir: process.cwd(),
  port: Number(process.env.TEST_PORT),
  reporters: [failedBrowserTests()],
  testFramework: {
    config: {
      .../** @type {object} */ (config.testFramework?.config),
      grep: process.env.TEST_TITLES,
      // What is to turn red waits in vain: not for as long as a busy machine may need.
      timeout: 10_000,
    },
  },
};
