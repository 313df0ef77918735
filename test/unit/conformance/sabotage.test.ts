/** Each rule can fail: for each there is an adapter that breaks it and no other rule. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conformanceRules, formatFailure } from '../../../src/conformance/index.ts';
import { sabotages, type Sabotage } from './sabotaged/index.ts';
import { runOnVirtualTime, simulatedSubject } from './support.ts';

/** The lifecycle that each rule needs: of these, one has an engine log, and one asks for texts. */
function systemFor(rule: string): string {
  if (rule.startsWith('log-')) return 'python';
  return rule.startsWith('act-input') ? 'workflows' : 'flows';
}

describe('sabotaged adapters', () => {
  for (const { id, level } of conformanceRules())
    test(`${id} fails for its sabotaged adapter, and no other rule does`, async () => {
      const sabotage = sabotages.get(id);
      assert.ok(sabotage, `there is no sabotaged adapter for ${id}`);
      const { failed, skipped, errors } = await broken(sabotage, systemFor(id));
      assert.deepEqual(errors, []);
      assert.deepEqual(
        failed.map((result) => result.id),
        [id],
        failed.map((result) => formatFailure(result)).join('\n'),
      );
      assert.equal(failed[0]!.status, level === 'must' ? 'failed' : 'warned');
      assert.equal(failed[0]!.failure!.docs, `docs/conformance.md#${id}`);
      assert.ok(failed[0]!.failure!.received.length > 20);
      // A skipped rule names the broken rule that it depends on.
      for (const { reason, blockedBy } of skipped)
        assert.ok(blockedBy ?? /no log|no action of the lifecycle/.test(reason ?? ''), reason);
    });

  test('every sabotaged adapter belongs to an existing rule', () => {
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
    const { results } = await runOnVirtualTime(subject);
    return {
      failed: results.filter(({ failure }) => failure),
      skipped: results.filter(({ status }) => status === 'skipped'),
      errors: results.filter(({ status }) => status === 'error').map(({ id, reason }) => `${id}: ${reason}`),
    };
  } finally {
    close();
  }
}
