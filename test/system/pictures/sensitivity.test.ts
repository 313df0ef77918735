/** What the pictures detect on a rendered page: a shift of one pixel, and the tone next to the right one. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Baseline } from '../../support/pictures/baseline.ts';
import { modes } from '../../support/pictures/modes.ts';
import { StoryBrowser } from '../../support/pictures/story-browser.ts';
import type { StoryPage } from '../../support/pictures/story-page.ts';

describe('a picture of all statuses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  const stored = new Baseline(folder, folder);
  let browser: StoryBrowser;
  let story: StoryPage;
  before(async () => {
    browser = await StoryBrowser.launch();
    story = await browser.open('elements-status-tag--statuses');
    const update = new Baseline(folder, folder, true);
    for (const mode of modes) update.check(mode.name, await story.picture(mode));
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  for (const mode of modes) {
    it(`differs in ${mode.name} when one icon moves by one pixel`, async () => {
      assert.equal(stored.check(mode.name, await story.picture(mode)), undefined);
      const sheet = await story.page.evaluateHandle(() => {
        const moved = new CSSStyleSheet();
        moved.replaceSync('.tag::before { translate: 1px }');
        document.querySelector('campaign-status-tag')!.shadowRoot!.adoptedStyleSheets.push(moved);
        return moved;
      });
      const problem = stored.check(mode.name, await story.look());
      await sheet.evaluate((moved) => moved.replaceSync(''));
      assert.match(problem ?? '', / differs in \d+ px/);
    });

    // In forced colours tones have no colour; the icons carry the difference.
    if (mode.forcedColors) continue;
    it(`differs in ${mode.name} when amber and orange are swapped`, async () => {
      const swap = (): Promise<void> =>
        story.page.evaluate(() => {
          for (const { shadowRoot } of document.querySelectorAll('campaign-status-tag')) {
            const tag = shadowRoot!.querySelector<HTMLElement>('[part=tag]')!;
            const { tone = '' } = tag.dataset;
            tag.dataset['tone'] = { amber: 'orange', orange: 'amber' }[tone] ?? tone;
          }
        });
      assert.equal(stored.check(mode.name, await story.picture(mode)), undefined);
      await swap();
      const problem = stored.check(mode.name, await story.look());
      await swap();
      assert.match(problem ?? '', / differs in \d+ px/);
    });
  }
});
