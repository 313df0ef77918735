/**
 * shareAcrossTabs over the HTTP adapter conforms to the contract: in a tab that is alone, and in one that follows
 * another.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { backendControl, type SimulatedControl } from '../../../mocks/index.ts';
import { type RunningServer, startServer } from '../../../mocks/server/start-server.ts';
import { type CampaignAdapter, httpAdapter, shareAcrossTabs } from '../../../src/adapters/index.ts';
import { readFeed } from '../../../src/adapters/read-feed.ts';
import { conformanceRules, describeConformance } from '../../../src/conformance/index.ts';
import { Origin, realClock } from '../../support/tabs.ts';

const SYSTEM = 'python';
const AGAIN_MS = 20;
const HEARD_MS = 30_000;

/** The earlier tab, which leads: it keeps watching, and watches again whenever its feed ends. */
class Leader {
  #cursor: string | undefined;
  /** How often its feed has ended. */
  ends = 0;
  readonly #controller = new AbortController();

  constructor(private readonly adapter: CampaignAdapter<unknown>) {
    this.#watch();
  }

  /** Waits until it has received everything that happened at the backend, or is closed. */
  async receivesAll({ backend }: RunningServer): Promise<void> {
    const end = performance.now() + HEARD_MS;
    while (!this.#controller.signal.aborted && this.#cursor !== backend.cursor(SYSTEM)) {
      assert.ok(performance.now() < end, `the leader is at ${this.#cursor}, the backend at ${backend.cursor(SYSTEM)}`);
      await pause(5);
    }
  }

  close(): void {
    this.#controller.abort();
  }

  #watch(): void {
    const { signal } = this.#controller;
    readFeed(() => this.adapter.watch({ system: SYSTEM, signal }), signal, {
      onValue: (change) => {
        if (change && 'cursor' in change && change.cursor) this.#cursor = change.cursor;
      },
      onEnd: () => {
        this.ends++;
        setTimeout(() => signal.aborted || this.#watch(), AGAIN_MS);
      },
    });
  }
}

/**
 * A tab that joins gets the state of the leader, not of the backend, so each control waits until the leader has
 * received the change. The leader's feed must also be lost before a tab that joins can be refused.
 */
function controlBehind(leader: () => Leader, server: RunningServer): SimulatedControl {
  const control = backendControl(server.backend, SYSTEM);
  const afterLeader =
    <Args extends unknown[]>(run: (...args: Args) => Promise<void>) =>
    async (...args: Args): Promise<void> => {
      await run(...args);
      await leader().receivesAll(server);
    };
  return {
    ...control,
    seed: afterLeader(control.seed),
    change: afterLeader(control.change),
    remove: afterLeader(control.remove),
    clear: afterLeader(control.clear),
    answerWith: async (trouble, retryAfterMs) => {
      await control.answerWith(trouble, retryAfterMs);
      if (!trouble) return;
      const { ends } = leader();
      await control.cut();
      const end = performance.now() + HEARD_MS;
      while (leader().ends === ends) {
        assert.ok(performance.now() < end, 'the feed of the leader has not ended');
        await pause(5);
      }
    },
  };
}

for (const follows of [false, true])
  describe(follows ? 'a tab that follows' : 'a tab alone', async () => {
    const server = await startServer({
      backend: { sampleData: 'empty', tickMs: 0, heartbeatMs: 5000, processingMs: 20, pageSize: 100 },
    });
    after(() => server.close());
    let leader: Leader;

    describeConformance(
      { describe, it },
      {
        system: SYSTEM,
        async createAdapter() {
          const origin = new Origin(realClock);
          const open = (): CampaignAdapter<unknown> =>
            shareAcrossTabs(httpAdapter({ src: server.url }), { environment: origin.open().sharing });
          if (follows) {
            leader = new Leader(open());
            await leader.receivesAll(server);
          }
          return open();
        },
        closeAdapter: () => leader?.close(),
        control: follows ? controlBehind(() => leader, server) : backendControl(server.backend, SYSTEM),
        other: { system: 'flows', control: backendControl(server.backend, 'flows') },
        // No case waits in vain here, except for two heartbeats. The heartbeat is slow, so that a tab on a busy machine
        // does not count as cut off.
        timeouts: { quietMs: 20 },
      },
      // A snapshot from a tab's memory has no count: it would count itself.
      { only: conformanceRules().flatMap(({ id }) => (follows && id === 'feed-count' ? [] : [id])) },
    );
  });
