/** What hosts rely on in the test DOM of their runner. Import the DOM before this. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignAdapter } from '../../../src/index.ts';
import { mount, press, settled, tagOf, unmount } from '../../../src/testing/index.ts';

const ref = { system: 'flows', id: 'spring' };
const elements = [
  'campaign-status-tag',
  'campaign-action-button',
  'campaign-header',
  'campaign-list',
  'recovery-guide',
];
const markup = (name: string): string => `<${name} system="flows" campaign-id="spring"></${name}>`;
/** What is written in an element, without the style sheets of a DOM that can't adopt any. */
function words(root: ParentNode): string {
  let all = '';
  for (const node of (root as unknown as Node).childNodes)
    if (node instanceof Element && node.localName !== 'style')
      all += ` ${node.shadowRoot ? words(node.shadowRoot) : ''} ${words(node)}`;
    else if (node.nodeType === 3) all += node.textContent;
  return all.replace(/\s+/g, ' ');
}

/** @param name of the DOM */
export function testKitIn(name: string): void {
  describe(`in ${name}, without shims`, () => {
    let backend: SimulatedBackend;
    let adapter: CampaignAdapter<unknown>;
    const problems: unknown[] = [];
    const onProblem = (problem: unknown): unknown => problems.push(problem);
    // jsdom and happy-dom report what a callback of an element throws to the console.
    const { error } = console;

    beforeEach(() => {
      backend = simulateBackend({ sampleData: 'empty', tickMs: 0, processingMs: 5 });
      backend.campaigns.add({ ...ref, name: 'Spring sale', met: ['active-flow'] });
      adapter = simulatedAdapter(backend);
      problems.length = 0;
      console.error = onProblem;
      process.on('unhandledRejection', onProblem).on('uncaughtException', onProblem);
    });
    afterEach(() => {
      unmount();
      backend.dispose();
      console.error = error;
      process.off('unhandledRejection', onProblem).off('uncaughtException', onProblem);
      assert.deepEqual(problems, []);
    });

    for (const element of elements)
      it(`${element} shows the campaign, and reacts to a change of it`, async () => {
        const page = await mount(markup(element), { adapter });
        const before = words(page);
        assert.match(before, /Inactive|Start/);
        backend.campaigns.force(ref, { status: 'active' });
        await settled(page);
        assert.match(words(page), /Active|Stop/);
        assert.notEqual(words(page), before);
      });

    it('campaign-log shows the lines of an engine', async () => {
      backend.campaigns.add({ system: 'python', id: 'report', status: 'running' });
      const page = await mount('<campaign-log system="python" campaign-id="report"></campaign-log>', { adapter });
      await page.store!.perform({ system: 'python', id: 'report' }, 'stop');
      await settled(page);
      assert.match(words(page), /stopped by/);
    });

    it('attributes alone show a status, and a change of them another one', async () => {
      const page = await mount('<campaign-status-tag system="python" status="running"></campaign-status-tag>', {
        adapter,
      });
      assert.equal(tagOf(page).text, 'Running');
      page.firstElementChild!.setAttribute('status', 'error');
      await settled(page);
      assert.equal(tagOf(page).text, 'Error');
    });

    it('a press is an action, and the next press another one', async () => {
      const page = await mount(markup('campaign-header'), { adapter });
      await press(page);
      assert.equal(tagOf(page).text, 'Active');
      await press(page);
      assert.equal(tagOf(page).text, 'Inactive');
    });

    it('an action that needs a confirmation is sent when that is given', async () => {
      backend.campaigns.add({ system: 'python', id: 'report', status: 'error' });
      const page = await mount('<campaign-header system="python" campaign-id="report"></campaign-header>', { adapter });
      await press(page, { confirm: true });
      assert.equal(tagOf(page).text, 'Created');
    });

    it('a popup opens by a press, and closes by Escape', async () => {
      const page = await mount(
        '<campaign-status-tag system="python" status="error" message="No contacts"></campaign-status-tag>',
        { adapter },
      );
      const { shadowRoot } = tagOf(page).element;
      const popup = (): Element | null => shadowRoot!.querySelector('[part=popup]');
      shadowRoot!.querySelector<HTMLElement>('[part~=tag]')!.click();
      await settled(page);
      assert.match(popup()?.textContent ?? '', /No contacts/);
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      assert.equal(popup(), null);
    });
  });
}
