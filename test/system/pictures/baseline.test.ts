/** What a stored picture detects, shown with generated pictures. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Baseline } from '../../support/pictures/baseline.ts';
import { TOLERANCE } from '../../support/pictures/compare.ts';
import type { Picture } from '../../support/pictures/picture.ts';

/** A picture of one row with these colours, as 0xRRGGBB. */
function row(...colors: readonly number[]): Picture {
  const data = Buffer.alloc(colors.length * 4);
  colors.forEach((color, pixel) => data.writeUInt32BE(((color << 8) | 255) >>> 0, pixel * 4));
  return { width: colors.length, height: 1, data };
}

describe('a stored picture', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  after(() => rmSync(folder, { recursive: true }));
  const baseline = new Baseline(join(folder, 'baseline'), join(folder, 'reports'));
  const updating = new Baseline(join(folder, 'baseline'), join(folder, 'reports'), true);

  it('equals a picture that is off by the tolerance, and differs from one that is off by more', () => {
    updating.check('levels', row(0x646464, 0x646464));
    assert.equal(baseline.check('levels', row(0x646464, 0x646464 + TOLERANCE)), undefined);
    assert.match(
      baseline.check('levels', row(0x646464, 0x646464 + TOLERANCE + 1))!,
      /^levels differs in 1 px, from 1, 0 to 1, 0\./,
    );
  });

  it('equals its original, however many colours that has', () => {
    for (const count of [1, 200, 5_000]) {
      const original = row(...Array.from({ length: count }, (_, index) => (index * 2_654_435) & 0xffffff));
      updating.check(`colors-${count}`, original);
      assert.equal(baseline.check(`colors-${count}`, original), undefined);
    }
  });

  it('differs from a picture of another size', () => {
    updating.check('size', row(0, 0));
    assert.match(baseline.check('size', row(0, 0, 0))!, /^size was 2 × 1 px and is 3 × 1 px\./);
  });

  it('is stored beside the differing picture in the report', () => {
    updating.check('shown', row(0, 0));
    const problem = baseline.check('shown', row(0, 0xffffff))!;
    for (const role of ['actual', 'expected', 'diff']) {
      assert.match(problem, new RegExp(`shown\\.${role}\\.png`));
      assert.ok(existsSync(join(folder, `reports/shown.${role}.png`)));
    }
  });

  it('fails when it is missing, with how to create it', () => {
    const problem = baseline.check('missing', row(0))!;
    assert.match(problem, /^missing has no stored picture yet\. .*`npm run test:pictures -- --update`/);
    assert.equal(baseline.read('missing'), undefined);
  });

  it('is reported when its story no longer exists, until an update deletes it', () => {
    updating.check('stories/kept', row(0));
    updating.check('stories/dropped', row(0));
    const names = new Set(baseline.leftOver(new Set()));
    names.delete('stories/dropped');
    assert.deepEqual(baseline.leftOver(names), ['stories/dropped']);
    updating.leftOver(names);
    assert.deepEqual(baseline.leftOver(names), []);
    assert.ok(baseline.read('stories/kept'));
  });
});
