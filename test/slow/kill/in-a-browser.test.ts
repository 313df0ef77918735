/** Shows in a real browser how a kill, a frozen backend, a restored older state and a cut message look on screen. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { BackendProcess, temporaryFolder } from '../../support/kill/backend-process.ts';
import { feedFaults } from '../../support/kill/feed-faults.ts';
import { openPage } from '../../support/kill/open-page.ts';
import { Proxy } from '../../support/kill/proxy.ts';
import { assertScreenEquals, connectionOf, readRows, tryNow } from '../../support/kill/screen.ts';
import { until } from '../../support/until.ts';

const NEWER = 'Only the newer state says this.';
const WATCH = /^GET \/flows\/watch/;
const HEARTBEAT_MS = 5_000;
const SLACK_MS = 2_000;
/** Allowance for browser, backend and test on two shared cores (ms). */
const LATE_MS = 15_000;

it('real faults in a real browser', async (t) => {
  const data = temporaryFolder(t);
  const backend = await BackendProcess.start(t, { data });
  const proxy = await Proxy.before(t, backend.port);
  const ref = { system: 'flows', id: 'welcome-series' };
  const { view } = await openPage(t, proxy.url, ref.id);
  const { page } = view;
  const lastKnown = async (ms: number): Promise<void> => {
    await until(async () => (await readRows(page)).every(({ since }) => since !== ''), 'every row is last known', ms);
  };
  await assertScreenEquals(page, backend);

  await t.test('a frozen backend: last known in time, and current again when it continues', async (part) => {
    // Thaw the backend even if this part fails: the next parts need it.
    part.after(() => backend.thaw());
    backend.freeze();
    await lastKnown(HEARTBEAT_MS + SLACK_MS + LATE_MS);
    assert.match(await view.text(...view.header('campaign-status-tag')), /Last known/);
    backend.thaw();
    await backend.order('campaigns.rename', ref, 'After the standstill');
    await back(page);
    await assertScreenEquals(page, backend);
  });

  // The faults that leave the browser with an incomplete message.
  for (const { name, fault } of feedFaults.filter(({ fault }) => fault.do === 'cut' || fault.do === 'drip'))
    await t.test(`a feed ${name}`, async () => {
      const faultCount = proxy.injectFault(WATCH, fault);
      proxy.cut();
      await backend.order('campaigns.rename', ref, `Größe 測試 🎈 ${name}`);
      await backend.order('campaigns.add', { system: 'flows', name: `Añadido: ${name}` });
      await until(async () => {
        await tryNow(page);
        return faultCount() > 0;
      }, 'the fault strikes');
      await back(page);
      await assertScreenEquals(page, backend);
    });

  await t.test('an older state of the backend: shown all at once', async () => {
    const older = temporaryFolder(t);
    cpSync(data, older, { recursive: true, filter: (path) => !/lock\.\d+$/.test(path) });
    for (const id of (await backend.campaigns('flows')).keys())
      await backend.order('campaigns.force', { system: 'flows', id }, { status: 'inactive', message: NEWER });
    await assertScreenEquals(page, backend);
    // For each rendered frame, counts the rows that show the newer state.
    const counts = await page.evaluateHandle((newer) => {
      const seen = new Set<number>();
      const look = (): void => {
        const rows = [...(document.querySelector('campaign-list')?.shadowRoot?.querySelectorAll('[part=row]') ?? [])];
        const texts = rows.map((row) => row.querySelector('campaign-status-tag')?.description ?? '');
        seen.add(texts.filter((text) => text.includes(newer)).length);
        requestAnimationFrame(look);
      };
      look();
      return seen;
    }, NEWER);
    await backend.kill();
    await backend.restart({ restore: older });
    await back(page);
    await assertScreenEquals(page, backend);
    const [all, none, ...more] = await counts.evaluate((seen) => [...seen]);
    assert.ok(all! > 10);
    assert.deepEqual([none, more], [0, []], 'all of them, or none');
  });

  await t.test('an empty backend: the list is empty, and shows that', async () => {
    await backend.kill();
    await backend.restart({ data: null, sampleData: 'empty' });
    await back(page);
    await assertScreenEquals(page, backend);
    await view.reads([...view.list, '[part=gap]'], /./);
  });
  view.assertQuiet();
});

/** Waits until the feed is live, and presses "Try now" once a second while the list offers it. */
async function back(page: Page): Promise<void> {
  let pressed = performance.now();
  await until(async () => {
    if ((await connectionOf(page, 'flows')) === 'live') return true;
    if (performance.now() - pressed > 1_000) {
      pressed = performance.now();
      await tryNow(page);
    }
    return false;
  }, 'the feed is back');
}
