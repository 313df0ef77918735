import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { flows, python, type CampaignHeader } from '../../src/index.ts';
import { BIDI, UNBROKEN } from '../support/sample-messages.ts';
import { waitForElement, find, waitForText } from '../support/find.ts';
import { mailings } from '../support/six-statuses.ts';
import { openBackend, withBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid } from '../support/state-grid.ts';

const meta: Meta<CampaignHeader> = {
  title: 'Elements/Header',
  component: 'campaign-header',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
  decorators: [
    (story, context) => html`<campaign-provider src=${backendOf(context).src}>${story()}</campaign-provider>`,
  ],
};
export default meta;
type Story = StoryObj<CampaignHeader>;

const header = (system: string, id: string): TemplateResult =>
  html`<campaign-header id=${id} system=${system} campaign-id=${id}></campaign-header>`;

/** The head of a campaign's own page. Python campaigns keep an engine log, which opens below. */
export const Playground: Story = {
  args: { system: python.system, campaignId: 'renewal-reminders-dach', headingLevel: 2, logOpen: false },
  argTypes: { system: { control: 'select', options: [flows.system, python.system] } },
  play: ({ canvasElement }) =>
    waitForText(() => find(canvasElement, 'campaign-header'), /Renewal reminders DACH.*Running.*Stop/),
};

const shown = [
  ['flows', 'welcome-series'],
  ['flows', 'loyalty-tier-upgrade'],
  ['flows', 'cart-left-behind'],
  ['flows', 'spring-sale-launch'],
  ['python', 'terms-of-service-notice'],
  ['python', 'dormant-accounts-2025'],
  ['python', 'renewal-reminders-dach'],
  ['python', 'vip-preview-autumn'],
] as const;

/** Every status of both systems, each with its action. */
export const Statuses: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      [flows, python].map(({ system, label }) =>
        stateGrid(
          label,
          shown.filter(([of]) => of === system).map(([, id]) => ({ title: id, content: header(system, id) })),
          true,
        ),
      ),
    ),
  play: ({ canvasElement }) => waitForText(() => find(canvasElement, '#vip-preview-autumn'), /Error.*Force stop/),
};

/** Statuses that a host defined, from attributes alone, without a store. */
export const SixStatuses: Story = {
  tags: ['picture'],
  decorators: [],
  render: () =>
    sheet(
      stateGrid(
        mailings.label,
        Object.keys(mailings.statuses).map((status) => ({
          title: html`<code>${status}</code>`,
          content: html`<campaign-header
            system=${mailings.system}
            status=${status}
            name="Autumn letter"
            .lifecycle=${mailings}
          ></campaign-header>`,
        })),
        true,
      ),
    ),
};

/** The button opens the engine log. */
export const LogOpen: Story = {
  tags: ['picture'],
  render: () => header('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    const button = await waitForElement(canvasElement, 'campaign-header', '[part=log-button]');
    await userEvent.click(button);
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await waitForText(() => find(canvasElement, 'campaign-header', 'campaign-log'), /Traceback/);
  },
};

/** The button opens the history: who or what moved the campaign, when, and with which message. Equal errors are one entry. */
export const HistoryOpen: Story = {
  tags: ['picture'],
  parameters: withBackend({
    prepare: ({ campaigns }) => {
      for (let count = 0; count < 14; count++)
        campaigns.force(
          { system: 'python', id: 'vip-preview-autumn' },
          { status: 'error', message: 'Channel SMS is not running.', changedBy: 'Engine' },
        );
    },
  }),
  render: () => header('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    const button = await waitForElement(canvasElement, 'campaign-header', '[part=history-button]');
    await userEvent.click(button);
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await waitForText(() => find(canvasElement, 'campaign-header', '[part=history]'), /14 times since/);
  },
};

/** A campaign that was removed, one that does not exist, an unknown status, and an unreadable record. */
export const Presence: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(
        'Presence',
        [
          { title: 'Removed', content: header('flows', 'review-request') },
          { title: 'Never there', content: header('flows', 'no-such-campaign') },
          { title: 'Unknown status', content: header('flows', 'back-in-stock') },
          { title: 'Unreadable', content: header('flows', 'cart-left-behind') },
        ],
        true,
      ),
    ),
  play: async ({ canvasElement, id }) => {
    const { campaigns } = backendOf({ id }).backend;
    await waitForText(() => find(canvasElement, '#review-request'), /Error/);
    campaigns.force({ system: 'flows', id: 'back-in-stock' }, { status: 'archived' });
    campaigns.corrupt({ system: 'flows', id: 'cart-left-behind' });
    campaigns.remove({ system: 'flows', id: 'review-request' }, 'merged into “Feedback, spring”');
    await waitForText(() => find(canvasElement, '#review-request'), /was removed.*merged into/);
    await waitForText(() => find(canvasElement, '#no-such-campaign'), /There is no campaign/);
    await waitForText(() => find(canvasElement, '#back-in-stock'), /archived/);
    await waitForText(() => find(canvasElement, '#cart-left-behind'), /Last known/);
  },
};

/** The connection is lost: the status is last known, with its time. */
export const ConnectionLost: Story = {
  tags: ['picture'],
  render: () => header('flows', 'cart-left-behind'),
  play: async ({ canvasElement, id }) => {
    await waitForText(() => find(canvasElement, 'campaign-header'), /Active/);
    backendOf({ id }).backend.faults.cutFeed();
    await waitForText(() => find(canvasElement, 'campaign-header'), /Last known status, true at/);
  },
};

/** Before the first snapshot. */
export const Loading: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.stallFeed() }),
  render: () => header('flows', 'cart-left-behind'),
  play: ({ canvasElement }) => waitForText(() => find(canvasElement, 'campaign-header'), /Loading campaign/),
};

/** Facts and buttons that the host adds. */
export const Slots: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-header system="flows" campaign-id="cart-left-behind">
      <span slot="meta">12,480 participants</span>
      <button class="host-button" slot="actions" type="button">Duplicate</button>
    </campaign-header>`,
  play: ({ canvasElement }) =>
    waitForText(() => find(canvasElement, 'campaign-header'), /12,480 participants.*Duplicate/),
};

/** Long and foreign names, a narrow page, and right-to-left text. */
export const Layouts: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(
        'Names',
        ['Long', 'Nothing to break at', 'Right to left'].map((title, index) => ({
          title,
          content: header('python', `outside-${index}`),
        })),
        true,
      ),
      html`<div class="narrow">
        ${stateGrid('320 px', [{ title: 'Narrow', content: header('python', 'vip-preview-autumn') }])}
      </div>`,
      html`<div dir="rtl">
        ${stateGrid('Right to left', [{ title: 'Mirrored', content: header('python', 'vip-preview-autumn') }], true)}
      </div>`,
    ),
  parameters: withBackend({
    prepare: ({ campaigns }) => {
      const names = [`Quarterly account review of ${'the northern region '.repeat(5)}`, UNBROKEN, BIDI.split('\n')[0]!];
      for (const [index, name] of names.entries())
        campaigns.add({ system: 'python', id: `outside-${index}`, name, status: 'running' });
    },
  }),
  play: async ({ canvasElement }) => {
    await waitForText(() => find(canvasElement, '#outside-1'), /Running/);
    for (const element of canvasElement.querySelectorAll('campaign-header'))
      await waitFor(() => expect(element.scrollWidth).toBeLessThanOrEqual(element.clientWidth));
  },
};

/** A wiring error is shown on the page instead of being thrown. */
export const WiringErrors: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(
        'Wired wrongly',
        [
          { title: 'No campaign', content: html`<campaign-header system="flows"></campaign-header>` },
          {
            title: 'A system that nobody defined',
            content: html`<campaign-header system="flow" campaign-id="a"></campaign-header>`,
          },
        ],
        true,
      ),
    ),
  play: ({ canvasElement }) =>
    waitForText(() => find(canvasElement, 'campaign-header[system=flow]'), /no system "flow"/),
};
