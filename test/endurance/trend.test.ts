import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { growthOverLastHalf, type Sample } from './support/trend.ts';

const samples = (...values: readonly number[]): Sample[] => values.map((value, n) => ({ at: n * 2_000, value }));

describe('growth over the second half', () => {
  it('is the slope of the best-fitting line, relative to the mean', () => {
    assert.equal(growthOverLastHalf(samples(100, 100, 100, 100, 100, 100)), 0);
    assert.equal(growthOverLastHalf(samples(1, 1, 1, 99, 100, 101)), 0.02);
    assert.equal(growthOverLastHalf(samples(1, 1, 1, 101, 100, 99)), -0.02);
    // A rise followed by a fall is no growth.
    assert.ok(Math.abs(growthOverLastHalf(samples(1, 1, 1, 1, 100, 105, 105, 100))) < 1e-9);
  });

  it('ignores the first half', () => {
    assert.equal(growthOverLastHalf(samples(5, 500, 50, 100, 100, 100)), 0);
  });

  it('needs more than a handful of samples', () => {
    assert.throws(() => growthOverLastHalf(samples(1, 2, 3, 4, 5)), RangeError);
  });
});
