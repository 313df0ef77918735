import { AdapterError, type ActResult } from '../../../../src/adapters/contract.ts';
import {
  tamperFeed,
  tamperAnswer,
  rows,
  withAct,
  withActMany,
  type Adapter,
  type Row,
  type Sabotage,
} from './tamper.ts';

/** Adapters whose actions break the rule they are listed under, and no other. */
export const actionSabotage: Readonly<Record<string, Sabotage>> = {
  'act-legal': (adapter) =>
    withAct(adapter, (request) =>
      request.action === 'stop'
        ? Promise.resolve({ outcome: 'refused', code: 'invalid', reason: 'The backend has no such request.' })
        : adapter.act(request),
    ),

  // Shows a step in between, which the lifecycle does not list.
  'act-lands': (adapter) =>
    tamperFeed(adapter, () => {
      const known = new Map<string, string | undefined>();
      return (change) => {
        if (change.type !== 'page' && change.type !== 'upsert') return [change];
        const items = rows(change).flatMap((row) => {
          const isStopped = known.get(row.id) === 'active' && row.status === 'inactive';
          known.set(row.id, row.status);
          return isStopped ? [{ ...row, status: 'stopping' }, row] : [row];
        });
        return [{ ...change, items }];
      };
    }),

  'act-schema': (adapter) =>
    tamperAnswer(adapter, (result) =>
      result.outcome === 'done' ? ({ outcome: 'done' } as unknown as ActResult<unknown>) : result,
    ),

  // A backend that accepts every action.
  'act-illegal': (adapter) =>
    tamperAnswer(adapter, (result, { expect }) =>
      result.outcome === 'conflict' && statusIn(result) === expect.status ? { outcome: 'accepted' } : result,
    ),

  'act-illegal-answered': (adapter) =>
    tamperAnswer(adapter, (result, { expect }) => {
      if (result.outcome === 'conflict' && statusIn(result) === expect.status) throw new Error('the answer was not ok');
      return result;
    }),

  'act-missing': (adapter) =>
    tamperAnswer(adapter, (result, { action }) =>
      result.outcome === 'refused' && result.code === 'invalid' && action !== 'no-such-action'
        ? { outcome: 'accepted' }
        : result,
    ),

  // Knows no text for this action.
  'act-input': (adapter) =>
    withAct(adapter, (request) =>
      request.action === 'terminate' && request.input !== undefined
        ? Promise.resolve({ outcome: 'refused', code: 'invalid' })
        : adapter.act(request),
    ),

  // Sends a text of its own in the place of a missing one.
  'act-input-invalid': (adapter) =>
    withAct(adapter, ({ input, ...request }) =>
      adapter.act({
        ...request,
        ...(input === undefined && request.action !== 'reset' ? {} : { input: input ?? 'First event' }),
      }),
    ),

  'act-unknown-campaign': (adapter) =>
    tamperAnswer(adapter, (result) => {
      if (result.outcome === 'refused' && result.code === 'gone') throw new Error('the answer was not ok');
      return result;
    }),

  'act-unknown-action': (adapter) =>
    tamperAnswer(adapter, (result, { action }) => (action === 'no-such-action' ? { outcome: 'accepted' } : result)),

  // Sends If-Match.
  'act-stale-but-legal': (adapter) => {
    const { known, watched } = remembering(adapter);
    const keys = new Set<string>();
    return withAct(watched, async (request) => {
      const { ref, expect, idempotencyKey } = request;
      if (!keys.has(idempotencyKey) && (known.get(ref.id)?.revision ?? 0) > expect.revision)
        return { outcome: 'conflict' };
      keys.add(idempotencyKey);
      return adapter.act(request);
    });
  },

  'act-overtaken': (adapter) =>
    tamperAnswer(adapter, (result, { expect }) =>
      result.outcome === 'conflict' && statusIn(result) !== expect.status
        ? { outcome: 'refused', code: 'invalid' }
        : result,
    ),

  // Its answers use a different revision counter.
  'act-done-agrees': (adapter) =>
    tamperAnswer(adapter, (result) => {
      if (result.outcome !== 'done') return result;
      const row = result.campaign as Row;
      return { ...result, campaign: { ...row, revision: row.revision + 100 } };
    }),

  // Recognizes retries by campaign and action instead of the key.
  'act-new-key': (adapter) => {
    const done = new Map<string, ActResult<unknown>>();
    return withAct(adapter, async (request) => {
      const what = JSON.stringify([request.ref, request.action]);
      const before = done.get(what);
      if (before) return before;
      const result = await adapter.act(request);
      if (result.outcome === 'done') done.set(what, result);
      return result;
    });
  },

  // Forgets a key once its answer is sent. That shows only after the action was undone.
  'idempotent-replay': (adapter) => {
    const { known, watched } = remembering(adapter);
    const answered = new Set<string>();
    return withAct(watched, async (request) => {
      const { ref, expect, idempotencyKey } = request;
      const undone = answered.has(idempotencyKey) && known.get(ref.id)?.status === expect.status;
      const result = await adapter.act(undone ? { ...request, idempotencyKey: `${idempotencyKey}-again` } : request);
      answered.add(idempotencyKey);
      return result;
    });
  },

  // Checks the key before it acts, but stores it only afterwards.
  'idempotent-at-once': (adapter) => {
    const underWay = new Set<string>();
    return withAct(adapter, async (request) => {
      const { idempotencyKey } = request;
      if (underWay.has(idempotencyKey)) return adapter.act({ ...request, idempotencyKey: `${idempotencyKey}-too` });
      underWay.add(idempotencyKey);
      try {
        return await adapter.act(request);
      } finally {
        underWay.delete(idempotencyKey);
      }
    });
  },

  'act-lost-answer': (adapter) =>
    withAct(adapter, async (request) => {
      try {
        return await adapter.act(request);
      } catch (error) {
        if (/connection broke|fetch/i.test((error as Error).message))
          return { outcome: 'refused', code: 'unavailable' };
        throw error;
      }
    }),

  // Uses a new key for each attempt.
  'idempotent-lost-answer': (adapter) => {
    const lost = new Set<string>();
    return withAct(adapter, async (request) => {
      const { idempotencyKey } = request;
      try {
        return await adapter.act(
          lost.has(idempotencyKey) ? { ...request, idempotencyKey: `${idempotencyKey}-again` } : request,
        );
      } catch (error) {
        if ((error as { code?: string }).code !== 'throttled') lost.add(idempotencyKey);
        throw error;
      }
    });
  },

  // Answers as the requests finish.
  'act-many-in-order': (adapter) =>
    withActMany(adapter, async (requests) => (await adapter.actMany!(requests)).toReversed()),

  'act-many-apart': (adapter) =>
    withActMany(adapter, async (requests) => {
      const results: ActResult<unknown>[] = [];
      for (const request of requests)
        results.push(
          results.some(({ outcome }) => outcome === 'refused')
            ? { outcome: 'refused', code: 'unavailable' }
            : await adapter.act(request),
        );
      return results;
    }),

  // Uses new keys for each call.
  'act-many-keys': (adapter) => {
    let calls = 0;
    return withActMany(adapter, (requests) => {
      calls++;
      return adapter.actMany!(
        requests.map((request) => ({ ...request, idempotencyKey: `${request.idempotencyKey}-${calls}` })),
      );
    });
  },

  'act-error-codes': (adapter) =>
    tamperAnswer(adapter, (result) => {
      if (result.outcome === 'refused' && result.code === 'forbidden') throw new AdapterError('forbidden');
      return result;
    }),
};

function statusIn(result: ActResult<unknown>): string | undefined {
  return 'campaign' in result ? (result.campaign as Row | undefined)?.status : undefined;
}

/** Keeps the latest row of each campaign that any feed has sent. */
function remembering(adapter: Adapter): { readonly known: ReadonlyMap<string, Row>; readonly watched: Adapter } {
  const known = new Map<string, Row>();
  const watched = tamperFeed(adapter, () => (change) => {
    for (const row of rows(change)) known.set(row.id, row);
    return [change];
  });
  return { known, watched };
}
