import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect } from 'storybook/test';
import type { SimulatedBackend } from '../mocks/index.ts';
import '../src/define.ts';
import { BusyPlatform } from './support/busy-platform.ts';
import './support/campaign-page.ts';
import { CampaignPageDriver, pause } from './support/campaign-page-driver.ts';
import { textOf, waitForText } from './support/find.ts';
import { openBackend, withBackend, backendOf } from './support/story-backend.ts';
import './support/story.styles.ts';

const FLOW = 'Anniversary week';
const LETTERS = 'Anniversary letters';

/** Adds two campaigns at the top of their lists: one has just failed, the other is new and has no prerequisites. */
function prepare(backend: SimulatedBackend): void {
  backend.campaigns.add({
    system: 'flows',
    name: FLOW,
    met: ['active-flow'],
    status: 'active',
    dependencies: [
      { kind: 'channel', id: 'sms' },
      { kind: 'agent', id: 'copywriter' },
    ],
  });
  backend.campaigns.add({
    system: 'python',
    name: LETTERS,
    dependencies: [
      { kind: 'channel', id: 'email' },
      { kind: 'agent', id: 'copywriter' },
      { kind: 'agent', id: 'send-time' },
    ],
  });
  backend.dependencies.set({ kind: 'channel', id: 'sms' }, 'stopped', 'the provider refused the login (535 5.7.8)');
}

const meta: Meta = {
  title: 'Lifecycle',
  tags: ['!autodocs'],
  beforeEach: openBackend,
  parameters: withBackend({ prepare }),
  render: (_args, context) => {
    const { backend, src } = backendOf(context);
    const chosen = { flows: 'anniversary-week', python: 'anniversary-letters' };
    return html`<campaign-provider src=${src}>
      <story-campaign-page .backend=${backend} .chosen=${chosen}></story-campaign-page>
    </campaign-provider>`;
  },
};
export default meta;
type Story = StoryObj;

/** All elements on one page. The story fixes a cause, presses Start, and breaks the same cause again. */
export const FlowsAndPython: Story = {
  tags: ['picture'],
  name: 'Flows and python',
  play: async ({ canvasElement }) => {
    const page = new CampaignPageDriver(canvasElement);
    await page.ready();
    await page.shows(FLOW, 'Error');
    await page.simulate('SMS');
    await page.press('Start');
    await page.shows(FLOW, 'Active');
    await page.simulate('SMS');
    await page.shows(FLOW, 'Error');
    (document.activeElement as HTMLElement | null)?.blur();
  },
};

/** Inactive without an active flow, Active, Error, a Start that fails again, fixed, Active, Stop. */
export const FlowsErrorAndRecovery: Story = {
  name: 'Flows: error and recovery',
  play: async ({ canvasElement }) => {
    const name = 'Loyalty tier upgrade';
    const page = new CampaignPageDriver(canvasElement);
    await page.ready();
    await page.choose(name);
    await page.shows(name, 'Inactive');
    await expect(page.offer).toHaveAttribute('aria-disabled', 'true');
    await page.simulate('Active flow');
    await page.press('Start');
    await page.shows(name, 'Active');
    await page.simulate('Email');
    await page.shows(name, 'Error');
    // Active lasts less than a second. A slow machine may miss it, so Start is pressed again.
    const fallsBack = async (): Promise<boolean> => {
      const labels = page.listen();
      await page.press('Start');
      for (let waited = 0; labels().length < 3 && waited < 10_000; waited += 100) await pause(100);
      return labels().join() === 'Error,Active,Error';
    };
    await expect((await fallsBack()) || (await fallsBack()) || (await fallsBack())).toBe(true);
    await page.shows(name, 'Error');
    await page.simulate('Email');
    await page.press('Start');
    await page.shows(name, 'Active');
    await page.press('Stop');
    await page.shows(name, 'Inactive');
  },
};

/** Created, Configured, Running, Error, Force stop, fixed, Running. */
export const PythonFullLifecycle: Story = {
  name: 'Python: full lifecycle',
  play: async ({ canvasElement }) => {
    const page = new CampaignPageDriver(canvasElement);
    await page.ready();
    await page.system('Python');
    await page.choose(LETTERS);
    await page.shows(LETTERS, 'Created');
    await expect(page.offer).toHaveAttribute('aria-disabled', 'true');
    await page.simulate('Contacts');
    await page.shows(LETTERS, 'Created');
    await page.simulate('Data Load strategy');
    await page.shows(LETTERS, 'Configured');
    await page.press('Start');
    await page.shows(LETTERS, 'Running');
    await page.simulate('Email');
    await page.shows(LETTERS, 'Error');
    await expect(textOf(page.part('recovery-guide', '[part=message]'))).toContain('Email');
    await page.press('Force stop');
    await page.confirm();
    await page.shows(LETTERS, 'Configured');
    await page.simulate('Email');
    await page.press('Start');
    await page.shows(LETTERS, 'Running');
  },
};

const RATES = [0, 1_000, 10_000];
let platform: BusyPlatform;

/** A hundred thousand campaigns. A thousand of them change every second, or as many as you choose. */
export const HundredThousandCampaigns: Story = {
  name: '100,000 campaigns, live',
  beforeEach: () => {
    platform = new BusyPlatform(100_000, 1_000);
    return () => platform.dispose();
  },
  render: () =>
    html`<campaign-provider .adapter=${platform.adapter}>
      <fieldset class="rates">
        <legend>Changes per second</legend>
        ${RATES.map(
          (perSecond) =>
            html`<label>
              <input
                type="radio"
                name="rate"
                ?checked=${perSecond === 1_000}
                @change=${() => platform.rate(perSecond)}
              />
              ${perSecond.toLocaleString('en')}
            </label>`,
        )}
      </fieldset>
      <campaign-list class="boxed" system="flows" contained></campaign-list>
    </campaign-provider>`,
  play: async ({ canvasElement }) => {
    const list = canvasElement.querySelector('campaign-list')!;
    await waitForText(() => list, /100,000 campaigns/);
    await expect(list.shadowRoot!.querySelectorAll('[part=row]').length).toBeLessThan(60);
  },
};
