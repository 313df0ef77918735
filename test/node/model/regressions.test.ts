/**
 * Each schedule that the model test keeps: it passes with the current code, and fails with the defect that it names.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BEGIN, regressions } from '../../model/regressions.ts';
import { replaySchedule, commandsOf } from '../../model/schedule.ts';
import { allDefects } from '../../../tools/defect-files.ts';

describe('a recorded schedule', () => {
  for (const { why, schedule } of regressions) test(why, () => replaySchedule(schedule));
});

test('each has its own reason, and names an existing defect', () => {
  assert.equal(new Set(regressions.map(({ why }) => why)).size, regressions.length);
  const names = allDefects().map(({ name }) => name);
  for (const { why, defect } of regressions)
    assert.ok(defect === undefined || names.includes(defect), `“${why}” names ${defect}, which is no patch`);
});

test('a schedule that can no longer run is reported', async () => {
  assert.throws(() => commandsOf([{ do: 'dance', after: 0 }]), /There is no command "dance"\. There are: /);
  assert.throws(
    () => commandsOf([{ do: 'wait', minutes: 1, after: 0 }]),
    /"wait" has other arguments by now: after, do, ms/,
  );
  // Nothing is hidden that could be shown.
  await assert.rejects(
    replaySchedule({ ...BEGIN, steps: [{ do: 'show', after: 0 }] }),
    /"do":"show".* was not possible/,
  );
});
