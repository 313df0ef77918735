// Lets tests in the browser speak the DevTools protocol to their own page: forced colours, touch, the accessibility tree,
// garbage collection. test/support/browser.ts makes friendly functions of it.

/** @returns {import('@web/test-runner').TestRunnerPlugin<{ method: string, params?: object }>} */
export function cdpPlugin() {
  /** @type {Map<string, Promise<import('puppeteer-core').CDPSession>>} */
  const open = new Map();
  return {
    name: 'cdp',
    async executeCommand({ command, payload, session }) {
      if (command !== 'cdp' || !payload) return undefined;
      const browser = /** @type {import('@web/test-runner-chrome').ChromeLauncher} */ (
        /** @type {unknown} */ (session.browser)
      );
      // Pages are used again by later test files. Leaving the protocol session takes back all that it emulated.
      for (const [id, cdp] of open) {
        if (id === session.id || browser.isActive(id)) continue;
        open.delete(id);
        void cdp.then((it) => it.detach()).catch(() => {});
      }
      const cdp = open.get(session.id) ?? browser.getPage(session.id).createCDPSession();
      open.set(session.id, cdp);
      const send = /** @type {(method: string, params?: object) => Promise<unknown>} */ (
        (await cdp).send.bind(await cdp)
      );
      // `undefined` would mean "not my command" to the runner.
      return (await send(payload.method, payload.params)) ?? null;
    },
  };
}

/** What tests use the protocol for, by the beginning of its methods. */
const uses = {
  'Accessibility.': 'the accessibility tree',
  'Runtime.evaluate': 'the accessibility tree', // to find an element in it
  'Emulation.setEmulatedMedia': 'emulated media features',
  'Emulation.setTouch': 'touch',
  'Input.dispatchTouch': 'touch',
  'Input.': 'input events of the DevTools protocol',
  'HeapProfiler.': 'forced garbage collection',
};

/**
 * Stands in for `cdpPlugin` in engines without the DevTools protocol: answers what the engine lacks, and
 * test/support/not-run.ts reports the test as not run. For a configuration that has both, this one comes first.
 *
 * @returns {import('@web/test-runner').TestRunnerPlugin<{ method: string }>}
 */
export function withoutCdpPlugin() {
  return {
    name: 'without-cdp',
    executeCommand({ command, payload }) {
      if (command !== 'cdp' || !payload) return undefined;
      const { method } = payload;
      const [, lacks = method] = Object.entries(uses).find(([start]) => method.startsWith(start)) ?? [];
      return { lacks };
    },
  };
}
