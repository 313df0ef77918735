/** A page in the browser's back/forward cache. The packaged headless shell has no such cache. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fullBrowser } from '../../../tools/browser.mjs';
import { TabFixture } from '../../support/tabs/tabs.ts';
import { until } from '../../support/until.ts';

const HEARTBEAT_MS = 3_000;
/** Allowance for a busy machine, added to a heartbeat (ms). */
const LATE_MS = 20_000;

it('a page in the back/forward cache has no lock and no connection, and is live when the back button restores it', async (t) => {
  const fixture = await TabFixture.open(t, { heartbeatMs: HEARTBEAT_MS, browser: fullBrowser() });
  const [tab, other] = await fixture.openTabs(2);
  await fixture.converge([tab!, other!]);
  let restored = false;
  // The browser may register the released lock only after the page has left. Then it loads the page again, which is
  // harmless.
  for (let tries = 0; !restored && tries < 5; tries++) {
    await tab!.page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }));
    });
    // Only the page in front is visible.
    await tab!.page.bringToFront();
    await tab!.page.goto('data:text/html,elsewhere');
    await until(
      async () => (await other!.call('locks')) === 1 && fixture.connections === 1,
      'the other tab leads alone',
    );
    fixture.change();
    await tab!.page.goBack();
    await fixture.converge([tab!, other!], 1, HEARTBEAT_MS + LATE_MS);
    restored = await tab!.page.evaluate(() => (globalThis as { persisted?: boolean }).persisted === true);
  }
  assert.ok(restored, 'it is restored, and not loaded again');
});
