/** The options of pollingAdapter. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  pollingAdapter,
  type Change,
  type HistoryPage,
  type PollingAdapterOptions,
} from '../../../src/adapters/index.ts';

const list = (): Promise<never[]> => Promise.resolve([]);
const act = () => Promise.resolve({ outcome: 'accepted' } as const);
const { signal } = new AbortController();
const ref = { system: 'flows', id: 'a' };

/** The `open` change of a feed. */
async function opening(options: Partial<PollingAdapterOptions> = {}): Promise<Extract<Change, { type: 'open' }>> {
  const feed = pollingAdapter({ list, act, ...options }).watch({ system: 'flows', signal });
  const { value } = (await (feed as AsyncGenerator<unknown>).next()) as { value: Extract<Change, { type: 'open' }> };
  return value;
}

describe('invalid options are rejected at once', () => {
  const message = (options: unknown): string => {
    try {
      pollingAdapter(options as PollingAdapterOptions);
    } catch (error) {
      assert.equal((error as Error).name, 'TypeError');
      return (error as Error).message;
    }
    throw new assert.AssertionError({ message: 'it was not refused' });
  };

  test('functions', () => {
    const hint = '; call pollingAdapter({ list, act }), as in docs/wire-your-backend.md';
    assert.equal(message(undefined), `pollingAdapter: \`list\` must be a function, got undefined${hint}`);
    assert.equal(message({ list }), `pollingAdapter: \`act\` must be a function, got undefined${hint}`);
    assert.equal(message({ list: '/api', act }), `pollingAdapter: \`list\` must be a function, got "/api"${hint}`);
    for (const name of ['listen', 'get', 'diagnose', 'log', 'history', 'reauthenticate', 'newEpoch'])
      assert.equal(message({ list, act, [name]: 5 }), `pollingAdapter: \`${name}\` must be a function, got 5${hint}`);
  });

  test('times: seconds instead of ms, and too long a heartbeat', () => {
    for (const name of ['intervalMs', 'listeningIntervalMs', 'pushGapMs', 'timeoutMs'])
      for (const [value, got] of [
        [5, '5'],
        [99, '99'],
        [NaN, 'NaN'],
        ['5000', '"5000"'],
        [null, 'null'],
        [3_600_001, '3600001'],
      ] as const)
        assert.equal(
          message({ list, act, [name]: value }),
          `pollingAdapter: \`${name}\` must be a number of ms from 100 to 3600000, got ${got}`,
        );
    assert.equal(
      message({ list, act, intervalMs: 3_000_000, timeoutMs: 600_001 }),
      'pollingAdapter: `intervalMs` and `timeoutMs` together must be at most 3600000 ms, got 3600001; else a lost feed would go unnoticed for longer',
    );
    const listen = async function* (): AsyncGenerator<[]> {};
    assert.equal(
      message({ list, act, listen, listeningIntervalMs: 3_600_000 }),
      'pollingAdapter: `listeningIntervalMs` and `timeoutMs` together must be at most 3600000 ms, got 3610000; else a lost feed would go unnoticed for longer',
    );
  });

  test('idempotent', () => {
    assert.equal(
      message({ list, act, idempotent: 'yes' }),
      'pollingAdapter: `idempotent` must be true or false, got "yes"',
    );
  });
});

describe('promises', () => {
  test('a heartbeat within the interval plus the time that a poll may take', async () => {
    assert.equal((await opening()).heartbeatMs, 15_000);
    assert.equal((await opening({ intervalMs: 100, timeoutMs: 250 })).heartbeatMs, 350);
  });

  test('another epoch for each adapter, the same for all its feeds', async () => {
    const epochs = await Promise.all([opening(), opening()]);
    assert.match(epochs[0].epoch!, /^[0-9a-f]{32}$/);
    assert.notEqual(epochs[0].epoch, epochs[1].epoch);
    const adapter = pollingAdapter({ list, act });
    const feeds = ['flows', 'python', 'flows'].map((system) =>
      (adapter.watch({ system, signal }) as AsyncGenerator<{ epoch: string }>).next(),
    );
    assert.equal(new Set((await Promise.all(feeds)).map(({ value }) => (value as { epoch: string }).epoch)).size, 1);
  });

  test('no more than the backend supports', () => {
    const bare = pollingAdapter({ list, act });
    for (const name of ['get', 'diagnose', 'log', 'history', 'reauthenticate'] as const)
      assert.equal(name in bare, false, name);
  });
});

test('diagnosis, log, history and sign-in are the backend’s own methods, called on the backend', async () => {
  class Backend {
    readonly calls: unknown[] = [];
    list = list;
    act = act;
    async diagnose(...args: unknown[]): Promise<[]> {
      this.calls.push(args);
      return [];
    }
    log(...args: unknown[]): AsyncGenerator<never> {
      this.calls.push(args);
      return (async function* () {})();
    }
    async history(...args: unknown[]): Promise<HistoryPage> {
      this.calls.push(args);
      return { entries: [] };
    }
    async reauthenticate(...args: unknown[]): Promise<void> {
      this.calls.push(args);
    }
  }
  const backend = new Backend();
  const adapter = pollingAdapter(backend);
  await adapter.diagnose!(ref, signal);
  adapter.log!(ref, signal);
  await adapter.history!(ref, { limit: 5 }, signal);
  await adapter.reauthenticate!(signal);
  assert.deepEqual(backend.calls, [[ref, signal], [ref, signal], [ref, { limit: 5 }, signal], [signal]]);
});
