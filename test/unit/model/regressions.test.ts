/**
 * Each schedule that the model test keeps: it passes with the current code, and fails with the defect that it names.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { regressions } from '../../slow/model/regressions.ts';
import { replaySchedule } from '../../slow/model/schedule.ts';
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
