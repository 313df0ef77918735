/** The mistakes that are made most: each is told where it is, once, and what merely follows from it is not told beside it. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, simulateBackend } from '../../../mocks/index.ts';
import { pollingAdapter } from '../../../src/adapters/index.ts';
import {
  conformanceRules,
  formatReport,
  runConformance,
  type ConformanceReport,
  type Subject,
} from '../../../src/conformance/index.ts';
import { meddle, meddleAnswer, meddleRows, withAct, type Sabotage } from './sabotaged/tamper.ts';
import { timeouts, simulatedSubject } from './support.ts';

interface Mistake {
  readonly made: Sabotage;
  /** The rules that are told to be broken. */
  readonly told: readonly string[];
  /** What is said of the first of them. */
  readonly received: RegExp;
}

const words = new Map([
  ['inactive', 'PAUSED'],
  ['active', 'RUNNING'],
  ['error', 'FAILED'],
]);

const mistakes: Readonly<Record<string, Mistake>> = {
  'ids as numbers': {
    made: (adapter) =>
      meddle(adapter, () => (change) => [
        'items' in change
          ? { ...change, items: change.items.map((item) => ({ ...(item as object), id: 42 })) as never }
          : change,
      ]),
    told: ['feed-schema'],
    received: /^items\[0\]\.id: got 42; send a string of 1 to 1,024 characters: String\(id\)\. The message was: /,
  },
  'rows without revisions': {
    made: (adapter) => meddleRows(adapter, ['page', 'upsert'], ({ revision: _, ...row }) => row as never),
    told: ['feed-schema'],
    received: /^items\[0\]\.revision: got nothing; send a safe integer, 0 or more\. /,
  },
  'words of the backend’s own': {
    made: (adapter) =>
      meddleRows(adapter, ['page', 'upsert'], (row) => ({ ...row, status: words.get(row.status!) ?? row.status! })),
    told: ['row-faithful'],
    received: /^The backend holds `status` inactive, and the row is .*PAUSED/,
  },
  'null for nothing': {
    made: (adapter) =>
      meddleRows(adapter, ['page', 'upsert'], (row) => ({ ...row, message: row.message ?? (null as never) })),
    told: ['feed-schema'],
    received: /^items\[0\]\.message: got null; send a string, or leave the field out if it may be absent/,
  },
  'no answer to actions': {
    made: (adapter) => meddleAnswer(adapter, () => undefined as never),
    told: ['act-schema'],
    received: /^got nothing; send an object with an `outcome`\. The answer was: undefined/,
  },
  'the response of the backend for an answer': {
    made: (adapter) => meddleAnswer(adapter, () => new Response() as never),
    told: ['act-schema'],
    received: /^outcome: got nothing; send one of "done", "accepted", "conflict", "refused"\. /,
  },
  'plain errors for every answer that is no success': {
    made: (adapter) =>
      withAct(adapter, async (request) => {
        const result = await adapter.act(request);
        if (result.outcome === 'conflict' || result.outcome === 'refused') throw new Error('the answer was not ok');
        return result;
      }),
    told: ['act-illegal-answered', 'act-unknown-campaign', 'act-unknown-action', 'act-error-codes'],
    received: /^“\S+” is not legal from “\S+”, and act throws Error: the answer was not ok\./,
  },
  '“accepted” for whatever is asked': {
    made: (adapter) =>
      withAct(adapter, async (request) => {
        void adapter.act(request).catch(() => {});
        return { outcome: 'accepted' };
      }),
    told: [
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

describe('told once', { concurrency: 16 }, () => {
  for (const [what, { made, told, received }] of Object.entries(mistakes))
    test(what, async () => {
      const { subject, close } = simulatedSubject('flows', ({ get: _, ...adapter }) => made(adapter));
      const report = await runConformance(subject);
      close();
      expectFailed(report, told);
      assert.match(report.results.find(({ failure }) => failure)!.failure!.received, received);
    });

  test('judged alone, a rule tells the mistake that stands in its way', async () => {
    for (const [what, rule] of [
      ['ids as numbers', 'act-legal'],
      ['rows without revisions', 'revision-grows'],
      ['no answer to actions', 'act-overtaken'],
    ] as const) {
      const { made, received } = mistakes[what]!;
      const { subject, close } = simulatedSubject('flows', made);
      const { results } = await runConformance(subject, { only: [rule] });
      close();
      assert.equal(results[0]!.status, 'failed');
      assert.match(
        results[0]!.failure!.received,
        what === 'rows without revisions' ? /revision is undefined/ : received,
      );
    }
  });
});

describe('a list in pages', { concurrency: 4 }, () => {
  const backend = simulateBackend({ scene: 'empty', tickMs: 0 });
  after(() => backend.dispose());
  const PAGE = 40;

  /**
   * Polls a list that gives no more than a page, whatever is asked for.
   *
   * @param step from one page to the next; none: the first one only
   * @param options `slips`: one campaign is missed by the first reading of each adapter
   */
  function paged(
    step: number | undefined,
    { intervalMs = 100, slips = false }: { intervalMs?: number; slips?: boolean } = {},
  ): Subject {
    return {
      system: 'flows',
      createAdapter: () => {
        let readings = 0;
        return pollingAdapter({
          async *list(system) {
            const all = backend.campaigns.list(system).toSorted((a, b) => (a.id < b.id ? -1 : 1));
            if (slips && readings++ === 0) all.pop();
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

  test('read to its end it is whole, though its first snapshot is partial', async () => {
    for (const slips of [false, true]) {
      const report = await runConformance(paged(PAGE, { slips }), { only });
      assert.equal(report.counts.passed, 2, formatReport(report));
    }
  });

  for (const [what, step] of [
    ['of which the first page is taken for all', undefined],
    ['read on by the number asked for, not by the number that came', 100],
  ] as const)
    test(`${what}: the rest is missed`, async () => {
      const report = await runConformance(paged(step), { only });
      expectFailed(report, ['snapshot-many']);
      assert.match(
        report.results.at(-1)!.failure!.received,
        /^Of 81 campaigns that were there before, the snapshot named \d+; it was `partial`, and the others did not follow within 3000 ms; missing: /,
      );
    });

  test('read more seldom than the run waits: it says so', async () => {
    const { results } = await runConformance(paged(PAGE, { intervalMs: 60_000 }), { only: ['change-told'] });
    assert.match(
      results[0]!.failure!.received,
      /within 3000 ms \(it promises a message every 62000 ms; if it polls, let it poll more often in the test, or wait longer: timeouts\.answerMs, --timeout\)/,
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
  // What was skipped for it says so.
  const known = conformanceRules().map(({ id }) => id);
  for (const { blockedBy } of results) assert.ok(blockedBy === undefined || known.includes(blockedBy), blockedBy);
}
