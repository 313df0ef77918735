/** Three servers: the one that leads the bucket is killed, again and again. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Cluster } from '../../support/nats/cluster.ts';
import { howToInstall, program } from '../../support/nats/nats-server.ts';
import { Platform } from '../../support/nats/platform.ts';
import { CountedAdapter, StoreClient } from '../../support/nats/fixture.ts';
import { until } from '../../support/until.ts';

const STREAM = 'KV_campaigns-flows';
const KILLS = 6;
/** Time for an election, and for the retries of requests made meanwhile (ms). */
const BACK_MS = 60_000;

it(
  'the leader is killed mid-stream: pages and platform continue with the other two servers, and nothing is lost',
  { timeout: 600_000 },
  async (t) => {
    assert.ok(program, howToInstall);
    const cluster = await Cluster.start();
    t.after(() => cluster.close());
    const platform = await Platform.start(cluster, 'flows', { sampleData: 'empty', replicas: 3 });
    t.after(() => platform.close());
    const { campaigns } = platform.backend;
    campaigns.fill(100, 'flows');
    campaigns.add({ system: 'flows', id: 'clicked', met: ['active-flow'] });
    const pages = [1, 2, 3].map(() => new StoreClient(new CountedAdapter(cluster, { heartbeatMs: 500 }), platform));
    t.after(() => pages.forEach(({ store }) => store.dispose()));
    for (const page of pages) await page.live(BACK_MS);
    const clicked = { system: 'flows', id: 'clicked' };

    for (let kill = 1; kill <= KILLS; kill++) {
      const { server } = await until(
        async () => {
          const leader = await cluster.leader(STREAM);
          return leader?.whole && leader;
        },
        'all three have everything',
        BACK_MS,
      );
      campaigns.churn({ system: 'flows', perSecond: 200, forMs: 3000, steady: ['clicked'] });
      const before = platform.backend.effects().length;
      const action = campaigns.get(clicked)!.record.status === 'active' ? 'stop' : 'start';
      const outcome = pages[0]!.store.perform(clicked, action);
      await server.kill();
      const { outcome: reported } = await outcome;
      for (const page of pages) await page.equals(BACK_MS);
      const effects = platform.backend.effects().length - before;
      assert.ok(
        effects <= 1 && (reported !== 'done' || effects === 1) && (reported !== 'refused' || effects === 0),
        `${reported}: ${effects}`,
      );
      await server.start();
    }
    for (const page of pages) {
      await page.equals(BACK_MS);
      page.store.dispose();
      await until(() => page.counted.open.size === 0, 'nothing is open');
    }
  },
);
