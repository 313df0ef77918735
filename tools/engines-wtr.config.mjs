// The tests of the elements in Firefox and WebKit: npm run test:browsers. One file: npx wtr --config tools/engines-wtr.config.mjs
// --files test/elements/some.test.ts
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import config from '../web-test-runner.config.mjs';
import { countsReporter } from './browser-counts.mjs';
import { otherEngines } from './browser.mjs';
import { withoutCdpPlugin } from './cdp-plugin.mjs';
import { webkitLauncher } from './webkit-launcher.mjs';

const { firefox, driver, screen, env } = await otherEngines();

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  ...config,
  rootDir: process.cwd(),
  // One page for each engine: only one window has the focus, and both engines together keep two cores busy.
  concurrency: 1,
  concurrentBrowsers: 2,
  browsers: [
    // The launcher of Chrome starts any browser that Puppeteer can.
    chromeLauncher({
      puppeteer,
      launchOptions: { browser: 'firefox', executablePath: firefox, env, timeout: 120_000, extraPrefsFirefox: { 'remote.events.async.enabled': false } },
    }),
    webkitLauncher({ driver, screen, env }),
  ],
  plugins: [withoutCdpPlugin(), ...(config.plugins ?? [])],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), countsReporter()],
};
