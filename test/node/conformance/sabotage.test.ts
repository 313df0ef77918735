/** The kit can fail: for each rule there is an adapter that breaks it, and nothing else is said to be broken. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conformanceRules, formatFailure, runConformance } from '../../../src/conformance/index.ts';
import { sabotages, type Sabotage } from './sabotaged/index.ts';
import { simulatedSubject } from './support.ts';

/** Only this one keeps an engine log. */
const LOGGING = 'python';

describe('sabotaged adapters', { concurrency: 16 }, () => {
  for (const { id, level } of conformanceRules())
    test(`${id} is broken by its adapter, and no other rule`, async () => {
      const sabotage = sabotages.get(id);
      assert.ok(sabotage, `there is no sabotaged adapter for ${id}`);
      const { failed, skipped, errors } = await broken(sabotage, id.startsWith('log-') ? LOGGING : 'flows');
      assert.deepEqual(errors, []);
      assert.deepEqual(
        failed.map((result) => result.id),
        [id],
        failed.map((result) => formatFailure(result)).join('\n'),
      );
      assert.equal(failed[0]!.status, level === 'must' ? 'failed' : 'warned');
      assert.equal(failed[0]!.failure!.docs, `docs/conformance.md#${id}`);
      assert.ok(failed[0]!.failure!.received.length > 20);
      // Whatever was not judged says which broken rule stood in its way.
      for (const { reason, blockedBy } of skipped) assert.ok(blockedBy ?? /no log/.test(reason ?? ''), reason);
    });

  test('there is none for a rule that there is not', () => {
    const ids = new Set(conformanceRules().map(({ id }) => id));
    assert.deepEqual(
      [...sabotages.keys()].filter((id) => !ids.has(id)),
      [],
    );
  });
});

async function broken(sabotage: Sabotage, system: string) {
  const { subject, close } = simulatedSubject(system, sabotage);
  try {
    const { results } = await runConformance(subject);
    return {
      failed: results.filter(({ failure }) => failure),
      skipped: results.filter(({ status }) => status === 'skipped'),
      errors: results.filter(({ status }) => status === 'error').map(({ id, reason }) => `${id}: ${reason}`),
    };
  } finally {
    close();
  }
}
