/**
 * Every story with the tag `picture` equals its stored pictures in each mode. Run `npm run build-storybook` first. `npm
 * run test:pictures -- --update` sets `UPDATE_PICTURES=1`, which stores pictures that differ instead.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Baseline } from '../../support/pictures/baseline.ts';
import { modes } from '../../support/pictures/modes.ts';
import { picturedStories } from '../../support/pictures/stories.ts';
import { StoryBrowser } from '../../support/pictures/story-browser.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const reports = join(root, '.cache/pictures');
const baseline = new Baseline(
  join(root, 'test/system/pictures/baseline'),
  reports,
  process.env['UPDATE_PICTURES'] === '1',
);
const stories = picturedStories();

describe('pictures', { concurrency: 2 }, () => {
  let browser: StoryBrowser;
  before(async () => {
    rmSync(reports, { recursive: true, force: true });
    browser = await StoryBrowser.launch();
  });
  after(() => browser.close());

  for (const { id, title, name } of stories)
    it(`${title}: ${name} looks as before`, async () => {
      const page = await browser.open(id);
      const problems: string[] = [];
      for (const mode of modes) {
        const picture = `${id}/${mode.name}`;
        const expected = baseline.read(picture);
        const problem = baseline.check(picture, await page.picture(mode, expected), expected);
        if (problem) problems.push(problem);
      }
      await page.close();
      assert.equal(problems.join('\n'), '');
    });

  it('every stored picture belongs to a story', () => {
    const names = stories.flatMap(({ id }) => modes.map((mode) => `${id}/${mode.name}`));
    assert.deepEqual(
      baseline.leftOver(new Set(names)),
      [],
      'Left over. `npm run test:pictures -- --update` deletes them.',
    );
  });
});
