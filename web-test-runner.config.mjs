import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './tools/browser.mjs';
import { cdpPlugin } from './tools/cdp-plugin.mjs';
import { countsReporter } from './tools/browser-counts.mjs';

// Elements in a real browser. One file: npx wtr --files test/elements/some.test.ts
/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: 'test/elements/**/*.test.ts',
  // `browser` because msw/browser must not be resolved for Node; `development` for Lit's warnings, which fail a test.
  nodeResolve: { browser: true, exportConditions: ['browser', 'development'] },
  concurrency: 4,
  staticLogging: Boolean(process.env.CI),
  // A busy machine may be slow to start, a page may stand still for seconds, and a test waits for what it expects for up to 20 s.
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 900_000,
  testFramework: { config: { ui: 'bdd', timeout: 60_000 } },
  browsers: [
    chromeLauncher({
      launchOptions: await findBrowser(),
      async createPage({ browser }) {
        // A context each: else one page would be a tab behind the other, hidden and without animation frames.
        const page = await (await browser.createBrowserContext()).newPage();
        await page.emulateFocusedPage(true);
        return page;
      },
    }),
  ],
  middleware: [
    // The mock worker lives in public/ and has to answer for the whole site.
    function allowWorker(context, next) {
      if (context.path.endsWith('/mockServiceWorker.js')) context.set('Service-Worker-Allowed', '/');
      return next();
    },
  ],
  plugins: [
    {
      name: 'strict',
      // On the first line, so that line numbers stay true.
      transform(context) {
        if (context.path.endsWith('.test.ts')) return `import '/test/support/fail-on-warnings.ts'; ${context.body}`;
        return undefined;
      },
    },
    esbuildPlugin({ ts: true, tsconfig: fileURLToPath(new URL('./tsconfig.json', import.meta.url)) }),
    cdpPlugin(),
  ],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: !process.env.CI }), countsReporter()],
};
