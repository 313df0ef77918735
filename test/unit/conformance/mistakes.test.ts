/** The most frequent mistakes: each is reported once, at its cause, and rules that depend on it are skipped. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, simulateBackend } from '../../../mocks/index.ts';
import { pollingAdapter } from '../../../src/adapters/index.ts';
import {
  conformanceRules,
  formatReport,
  type ConformanceReport,
  type Subject,
} from '../../../src/conformance/index.ts';
import { tamperFeed, tamperAnswer, tamperRows, withAct, type Sabotage } from './sabotaged/tamper.ts';
import { runOnVirtualTime, timeouts, simulatedSubject } from './support.ts';

interface Mistake {
  readonly sabotage: Sabotage;
  /** The rules that are reported as broken. */
  readonly broken: readonly string[];
  /** The text about the first of them. */
  readonly received: RegExp;
}

const statuses = new Map([
  ['inactive', 'PAUSED'],
  ['active', 'RUNNING'],
  ['error', 'FAILED'],
]);

const mistakes: Readonly<Record<string, Mistake>> = {
  'ids as numbers': {
    sabotage: (adapter) =>
      tamperFeed(adapter, () => (change) => [
        'items' in change
          ? { ...change, items: change.items.map((item) => ({ ...(item as object), id: 42 })) as never }
          : change,
      ]),
    broken: ['feed-schema'],
    received: /^items\[0\]\.id: got 42; send a string of 1 to 1,024 characters: String\(id\)\. The message was: /,
  },
  'rows without revisions': {
    sabotage: (adapter) => tamperRows(adapter, ['page', 'upsert'], ({ revision: _, ...row }) => row as never),
    broken: ['feed-schema'],
    received: /^items\[0\]\.revision: got nothing; send a safe integer, 0 or more\. /,
  },
  'status words of the backend': {
    sabotage: (adapter) =>
      tamperRows(adapter, ['page', 'upsert'], (row) => ({ ...row, status: statuses.get(row.status!) ?? row.status! })),
    broken: ['row-faithful'],
    received: /^The backend has `status` inactive, and the row is .*PAUSED/,
  },
  'a number for a text': {
    sabotage: (adapter) =>
      tamperRows(adapter, ['page', 'upsert'], (row) => ({ ...row, message: row.message ?? (550 as never) })),
    broken: ['feed-schema'],
    received: /^items\[0\]\.message: got 550; send a string\. /,
  },
  'no answer to actions': {
    sabotage: (adapter) => tamperAnswer(adapter, () => undefined as never),
    broken: ['act-schema'],
    received: /^got nothing; send an object with an `outcome`\. The answer was: undefined/,
  },
  'the HTTP response instead of an outcome': {
    sabotage: (adapter) => tamperAnswer(adapter, () => new Response() as never),
    broken: ['act-schema'],
    received: /^outcome: got nothing; send one of "done", "accepted", "conflict", "refused"\. /,
  },
  'plain errors for every answer that is not a success': {
    sabotage: (adapter) =>
      withAct(adapter, async (request) => {
        const result = await adapter.act(request);
        if (result.outcome === 'conflict' || result.outcome === 'refused') throw new Error('the answer was not ok');
        return result;
      }),
    broken: ['act-illegal-answered', 'act-unknown-campaign', 'act-unknown-action', 'act-error-codes'],
    received: /^“\S+” is not legal from “\S+”, and act throws Error: the answer was not ok\./,
  },
  '“accepted” for every action': {
    sabotage: (adapter) =>
      withAct(adapter, async (request) => {
        void adapter.act(request).catch(() => {});
        return { outcome: 'accepted' };
      }),
    broken: [
      'act-illegal',
      'act-missing',
      'act-unknown-campaign',
      'act-unknown-action',
      'act-lost-answer',
      'act-error-codes',
    ],
    received: /^“\S+” is not legal from “\S+”, and act answers \{"outcome":"accepted"\}\./,
  },
};

describe('a mistake is reported once', () => {
  for (const [what, { sabotage, broken, received }] of Object.entries(mistakes))
    test(what, async () => {
      const { subject, close } = simulatedSubject('flows', ({ get: _, ...adapter }) => sabotage(adapter));
      const report = await runOnVirtualTime(subject);
      close();
      expectFailed(report, broken);
      assert.match(report.results.find(({ failure }) => failure)!.failure!.received, received);
    });

  test('a rule that is checked alone reports the broken rule it depends on', async () => {
    for (const [what, rule] of [
      ['ids as numbers', 'act-legal'],
      ['rows without revisions', 'revision-grows'],
      ['no answer to actions', 'act-overtaken'],
    ] as const) {
      const { sabotage, received } = mistakes[what]!;
      const { subject, close } = simulatedSubject('flows', sabotage);
      const { results } = await runOnVirtualTime(subject, { only: [rule] });
      close();
      assert.equal(results[0]!.status, 'failed');
      assert.match(
        results[0]!.failure!.received,
        what === 'rows without revisions' ? /revision is undefined/ : received,
      );
    }
  });
});

describe('an adapter that polls a list in pages', () => {
  const backend = simulateBackend({ sampleData: 'empty', tickMs: 0 });
  after(() => backend.dispose());
  const PAGE = 40;

  /**
   * Polls a list that returns one page at most, whatever the requested size.
   *
   * @param step from one page to the next; none: reads the first page only
   * @param options `skips`: the first list of each adapter misses one campaign
   */
  function paged(
    step: number | undefined,
    { intervalMs = 100, skips = false }: { intervalMs?: number; skips?: boolean } = {},
  ): Subject {
    return {
      system: 'flows',
      createAdapter: () => {
        let readings = 0;
        return pollingAdapter({
          async *list(system) {
            const all = backend.campaigns.list(system).toSorted((a, b) => (a.id < b.id ? -1 : 1));
            if (skips && readings++ === 0) all.pop();
            for (let offset = 0; offset < all.length; offset += step ?? Infinity)
              yield all.slice(offset, offset + PAGE).map(({ id, name = id, status }) => ({ id, name, status }));
          },
          act: () => Promise.resolve({ outcome: 'accepted' }),
          intervalMs,
          timeoutMs: 2000,
        });
      },
      control: backendControl(backend, 'flows'),
      timeouts,
      many: 2 * PAGE + 1,
    };
  }
  const only = ['snapshot-complete', 'snapshot-many'];

  test('that reads every page passes, although its first snapshot is partial', async () => {
    for (const skips of [false, true]) {
      const report = await runOnVirtualTime(paged(PAGE, { skips }), { only });
      assert.equal(report.counts.passed, 2, formatReport(report));
    }
  });

  for (const [what, step] of [
    ['that reads only the first page', undefined],
    ['that advances by the requested page size, not by the received one', 100],
  ] as const)
    test(`${what} fails snapshot-many`, async () => {
      const report = await runOnVirtualTime(paged(step), { only });
      expectFailed(report, ['snapshot-many']);
      assert.match(
        report.results.at(-1)!.failure!.received,
        /^Of 81 campaigns that existed before, the snapshot named \d+; it was `partial`, and the others did not follow within 3000 ms; missing: /,
      );
    });

  test('that polls less often than the run waits fails with a hint to raise the timeout', async () => {
    const { results } = await runOnVirtualTime(paged(PAGE, { intervalMs: 60_000 }), { only: ['change-reported'] });
    assert.match(
      results[0]!.failure!.received,
      /within 3000 ms \(it promises a message every 62000 ms; if it polls, poll more often in the test, or raise the timeout: timeouts\.answerMs, --timeout\)/,
    );
  });
});

function expectFailed({ results }: ConformanceReport, ids: readonly string[]): void {
  const failed = results.filter(({ failure }) => failure);
  assert.deepEqual(
    failed.map(({ id }) => id).toSorted(),
    [...ids].toSorted(),
    failed.map(({ id, failure }) => `${id}: ${failure!.received}`).join('\n'),
  );
  assert.deepEqual(
    results.filter(({ status }) => status === 'error').map(({ id, reason }) => `${id}: ${reason}`),
    [],
  );
  // Skipped rules name an existing rule.
  const known = conformanceRules().map(({ id }) => id);
  for (const { blockedBy } of results) assert.ok(blockedBy === undefined || known.includes(blockedBy), blockedBy);
}
