import assert from 'node:assert/strict';
import { it } from 'node:test';
import { backendControl } from '../../../../mocks/index.ts';
import { type BackendControl, formatReport, runConformance } from '../../../../src/conformance/index.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import type { NatsServer } from '../../../support/nats/nats-server.ts';
import { Platform } from '../../../support/nats/platform.ts';
import { AdapterError } from '../../../../src/adapters/index.ts';
import { CountedAdapter, createFixture } from '../../../support/nats/fixture.ts';

/** A key that only ever holds the marker of a removal. */
const MARK = 'a-mark';

/** What can be done to the bucket and its platform without the adapter. A change is complete once the bucket has it. */
function controlOf(platform: Platform, server: NatsServer, pages: readonly CountedAdapter[]): BackendControl {
  const control = backendControl(platform.backend, platform.system);
  const written = async (done: Promise<void>): Promise<void> => {
    await done;
    await platform.written();
  };
  return {
    async seed(campaigns) {
      await platform.kv.delete(MARK);
      await written(control.seed(campaigns));
    },
    change: (id, patch) => written(control.change(id, patch)),
    remove: (id) => written(control.remove(id)),
    clear: () => written(control.clear()),
    loseNextAnswer: () => control.loseNextAnswer(),
    cut: async () => void (await Promise.all(pages.map((page) => page.cut()))),
    // Removes a marker: a page that missed it can't know which campaign was removed.
    expireCursors: () => platform.purge(MARK),
    newEpoch: async () => {
      await server.restore();
      await platform.reconnect();
    },
    async answerWith(trouble, retryAfterMs) {
      await control.answerWith(trouble, retryAfterMs);
      const error = trouble && new AdapterError(trouble, trouble, retryAfterMs === undefined ? {} : { retryAfterMs });
      for (const page of pages) page.connectError = error;
    },
    openFeeds: () => platform.openFeeds(),
  };
}

describeNats('the conformance kit', () => {
  it('passes every rule, and skips none that needs control of the backend', async (t) => {
    const { server, platform } = await createFixture(t, 0);
    const other = await Platform.start(server, 'python', { sampleData: 'empty' });
    t.after(() => other.close());
    const pages: CountedAdapter[] = [];
    const { backend } = platform;
    const report = await runConformance({
      system: 'flows',
      createAdapter: () => {
        const page = new CountedAdapter(server, {
          timeoutMs: 5000,
          diagnose: (ref, signal) => backend.diagnose(ref, signal),
          log: (ref, signal) => backend.log(ref, signal),
          history: (ref, page, signal) => backend.history(ref, page, signal),
        });
        pages.push(page);
        return page.adapter;
      },
      control: controlOf(platform, server, pages),
      other: { system: 'python', control: controlOf(other, server, pages) },
      timeouts: { answerMs: 30_000, quietMs: 100 },
    });
    const of = (...statuses: readonly string[]) =>
      report.results.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);
    assert.deepEqual(of('failed', 'warned'), [], formatReport(report));
    // A bucket does not say how many of its keys hold a value; flows keep no log and need no input; each action is a
    // request.
    assert.deepEqual(of('skipped'), [
      ...['feed-count', 'log-schema', 'log-starts-over', 'act-input', 'act-input-invalid'],
      ...['act-many-in-order', 'act-many-apart', 'act-many-keys'],
    ]);
    assert.ok(report.ok);
  });
});
