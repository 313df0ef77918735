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
      puppeteer: /** @type {any} */ (puppeteer),
      launchOptions: {
        browser: 'firefox',
        executablePath: firefox,
        args: ['--kiosk'], // without an address bar, which would take the focus
        env: { ...env, MOZ_DISABLE_CONTENT_SANDBOX: '1' }, // it would keep pages from the fonts
        timeout: 120_000,
      },
      async createPage({ context }) {
        const page = await context.newPage();
        afterInput(page.keyboard, page);
        afterInput(page.mouse, page);
        return page;
      },
    }),
    webkitLauncher({ driver, screen, env }),
  ],
  // Tab must not lead out of the page: in Firefox nothing that a test can do leads back.
  testRunnerHtml: (framework) => `<!doctype html><script type="module">
    for (const place of ['prepend', 'append']) {
      const end = document.createElement('i');
      end.tabIndex = 0;
      end.style.position = 'fixed';
      document.documentElement[place](end);
    }
  </script><script type="module" src="${framework}"></script>`,
  plugins: [withoutCdpPlugin(), ...(config.plugins ?? [])],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), countsReporter()],
};

/**
 * Firefox answers before the page has handled what was typed or pressed: waits for a frame of the page.
 *
 * @param {object} device
 * @param {import('puppeteer-core').Page} page
 */
function afterInput(device, page) {
  for (const name of ['type', 'press', 'click', 'move', 'down', 'up']) {
    const send = /** @type {Function | undefined} */ (Reflect.get(device, name));
    if (!send) continue;
    Reflect.set(device, name, async (/** @type {unknown[]} */ ...args) => {
      await send.apply(device, args);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    });
  }
}
