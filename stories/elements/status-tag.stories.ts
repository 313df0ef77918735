import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, nothing, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { popupChunk } from '../../src/elements/campaign-status-tag/popup-chunk.ts';
import { flows, python, type CampaignStatusTag, type Lifecycle } from '../../src/index.ts';
import { BIDI, LONG, MARKUP, TRACE, UNBROKEN } from '../support/sample-messages.ts';
import { waitForElement, findOptional, find, waitForText, textOf } from '../support/find.ts';
import { mailings } from '../support/six-statuses.ts';
import { openBackend, withBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid, type GridItem } from '../support/state-grid.ts';

const MINUTE = 60_000;
const ago = (minutes: number): number => Date.now() - minutes * MINUTE;

const meta: Meta<CampaignStatusTag> = {
  title: 'Elements/Status tag',
  component: 'campaign-status-tag',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
};
export default meta;
type Story = StoryObj<CampaignStatusTag>;

/** Without a store, a tag shows its attributes. */
export const Playground: Story = {
  args: {
    system: flows.system,
    status: 'error',
    message: 'Channel “WhatsApp” is not running: 214 messages could not be handed over.',
    name: 'Spring sale launch',
    density: 'comfortable',
    emphasis: 'auto',
  },
  argTypes: {
    system: { control: 'select', options: [flows.system, python.system] },
    status: {
      control: 'select',
      options: [...new Set([...Object.keys(flows.statuses), ...Object.keys(python.statuses), 'archived'])],
    },
  },
};

const eachStatus = (lifecycle: Lifecycle): GridItem[] =>
  Object.entries(lifecycle.statuses).map(([status, { label, action }]) => ({
    title: html`<code>${status}</code>`,
    note: action === undefined ? `${label}: offers no action` : undefined,
    content: html`<campaign-status-tag
      system=${lifecycle.system}
      status=${status}
      .lifecycle=${lifecycle}
    ></campaign-status-tag>`,
  }));

/** Icon and colour both show the status. The third system is defined by a host. */
export const Statuses: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(flows.label, eachStatus(flows)),
      stateGrid(python.label, eachStatus(python)),
      stateGrid(`${mailings.label}, defined by a host`, eachStatus(mailings)),
    ),
};

const unknownStatuses = [
  { status: 'archived', note: 'A newer backend knows more than this page' },
  { status: 'constructor', note: 'A word that JavaScript knows is no status either' },
  { status: 'awaiting-approval-of-the-legal-department', note: 'Cut here, whole in the popup' },
  { status: 'مؤرشف', note: 'Any script' },
];

/** An unknown status is shown as it is, in neutral colours, without an action. */
export const UnknownStatus: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(
        'Unknown words',
        unknownStatuses.map(({ status, note }) => ({
          title: html`<bdi><code>${status}</code></bdi>`,
          note,
          content: html`<campaign-status-tag system="flows" status=${status}></campaign-status-tag>`,
        })),
      ),
    ),
  play: async ({ canvasElement }) => {
    for (const tag of canvasElement.querySelectorAll('campaign-status-tag'))
      await expect(find(tag.shadowRoot!, '[part=tag]').dataset['tone']).toBe('neutral');
  },
};

const messages: readonly { title: string; note?: string; message: string }[] = [
  { title: 'Several lines', note: 'Lines are kept', message: TRACE },
  { title: 'Very long', note: 'The popup scrolls, the description is cut', message: LONG },
  { title: 'Markup', note: 'Stays text', message: MARKUP },
  { title: 'Both directions', note: 'Marks that turn a text around become visible', message: BIDI },
  { title: 'Nothing to break at', message: UNBROKEN },
];

/** Hover, focus or press a tag to read its message. */
export const Messages: Story = {
  render: () =>
    sheet(
      stateGrid(
        'Messages',
        messages.map(({ title, note, message }) => ({
          title,
          note,
          content: html`<campaign-status-tag
            system="python"
            status="error"
            name="VIP preview autumn"
            message=${message}
            at=${ago(42)}
          ></campaign-status-tag>`,
        })),
      ),
    ),
};

const oneError = (): TemplateResult =>
  html`<campaign-status-tag
    system="python"
    status="error"
    name="VIP preview autumn"
    message=${TRACE}
    at=${ago(42)}
  ></campaign-status-tag>`;

/** Hovering opens a hint, which stays open while the mouse is on it. Escape closes it. */
export const Hovered: Story = {
  render: oneError,
  play: async ({ canvasElement }) => {
    // A simulated mouse hovers for a moment only, so the code of the popup has to be there.
    await popupChunk.load();
    await userEvent.hover(find(canvasElement, 'campaign-status-tag', '[part=tag]'));
    const popup = await waitForElement(canvasElement, 'campaign-status-tag', '[part=popup]');
    await expect(textOf(popup)).toContain("KeyError: 'preferred_locale'");
    await userEvent.hover(popup);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect(popup.isConnected).toBe(true);
    await userEvent.keyboard('{Escape}');
    await expect(popup.isConnected).toBe(false);
    await userEvent.unhover(popup);
    await userEvent.hover(find(canvasElement, 'campaign-status-tag', '[part=tag]'));
    await waitForElement(canvasElement, 'campaign-status-tag', '[part=popup]');
  },
};

/** A press pins the popup, with selectable text, Copy and Close. */
export const Pinned: Story = {
  tags: ['picture'],
  render: oneError,
  play: async ({ canvasElement }) => {
    const tag = find(canvasElement, 'campaign-status-tag', '[part=tag]');
    await userEvent.click(tag);
    const popup = await waitForElement(canvasElement, 'campaign-status-tag', '[role=dialog]');
    await expect(tag).toHaveAttribute('aria-expanded', 'true');
    await userEvent.click(find(popup, '[part=popup-close]'));
    await expect(popup.isConnected).toBe(false);
    await userEvent.click(tag);
    await waitForElement(canvasElement, 'campaign-status-tag', '[part=popup-copy]');
  },
};

/** By keyboard: Enter opens the message and focuses it; Escape closes it and returns the focus. */
export const ByKeyboard: Story = {
  render: oneError,
  play: async ({ canvasElement }) => {
    const tag = find(canvasElement, 'campaign-status-tag', '[part=tag]');
    tag.focus();
    await userEvent.keyboard('{Enter}');
    await waitForElement(canvasElement, 'campaign-status-tag', '[role=dialog]');
    await userEvent.keyboard('{Escape}');
    await expect(findOptional(canvasElement, 'campaign-status-tag', '[part=popup]')).toBeUndefined();
    const { shadowRoot } = find(canvasElement, 'campaign-status-tag');
    await expect(shadowRoot!.activeElement).toBe(tag);
  },
};

const connected: readonly GridItem[] = [
  { title: 'Present', id: 'spring-sale-launch' },
  { title: 'Unreadable', note: 'Its last good state, marked', id: 'win-back-after-90-days' },
  { title: 'Removed', id: 'review-request' },
  { title: 'Never there', id: 'no-such-campaign' },
].map(({ title, note, id }) => ({
  title,
  note: note ?? undefined,
  content: html`<campaign-status-tag id=${id} system="flows" campaign-id=${id}></campaign-status-tag>`,
}));

/** A campaign that is present, unreadable, removed, or does not exist. */
export const Presence: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    sheet(
      html`<campaign-provider src=${backendOf(context).src}>${stateGrid('Connected', connected)}</campaign-provider>`,
    ),
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    await waitForText(() => find(canvasElement, '#review-request'), /Error/);
    backend.campaigns.corrupt({ system: 'flows', id: 'win-back-after-90-days' });
    backend.campaigns.remove({ system: 'flows', id: 'review-request' }, 'merged into “Feedback, spring”');
    await waitForText(() => find(canvasElement, '#win-back-after-90-days'), /Active.*Last known/);
    await waitForText(() => find(canvasElement, '#review-request'), /Removed/);
    await waitForText(() => find(canvasElement, '#no-such-campaign'), /Not found/);
  },
};

/** Before the first snapshot. */
export const Loading: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.stallFeed() }),
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}>
      <campaign-status-tag system="flows" campaign-id="spring-sale-launch"></campaign-status-tag>
    </campaign-provider>`,
  play: ({ canvasElement }) => waitForText(() => find(canvasElement, 'campaign-status-tag'), /Loading/),
};

/** The feed is cut: within two seconds every tag is marked as last known. */
export const LastKnown: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    sheet(
      html`<campaign-provider src=${backendOf(context).src}>
        ${stateGrid(
          'Connected, the feed cut',
          ['welcome-series', 'cart-left-behind', 'spring-sale-launch'].map((id) => ({
            title: id,
            content: html`<campaign-status-tag id=${id} system="flows" campaign-id=${id}></campaign-status-tag>`,
          })),
        )}
      </campaign-provider>`,
      stateGrid(
        'Without a store',
        [2, 60 * 50].map((minutes) => ({
          title: html`<code>stale-since</code>`,
          content: html`<campaign-status-tag
            system="flows"
            status="active"
            stale-since=${ago(minutes)}
          ></campaign-status-tag>`,
        })),
      ),
    ),
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    await waitForText(() => find(canvasElement, '#cart-left-behind'), /Active$/);
    backend.faults.cutFeed();
    for (const campaign of ['welcome-series', 'cart-left-behind', 'spring-sale-launch'])
      await waitForText(() => find(canvasElement, `#${campaign}`), /Last known \d/);
  },
};

/** An error with a cause shows the current state of that dependency, and whether Start will work. */
export const CauseFixed: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}>
      <campaign-status-tag system="flows" campaign-id="spring-sale-launch"></campaign-status-tag>
    </campaign-provider>`,
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    const element = await waitForElement(canvasElement, 'campaign-status-tag');
    await waitForText(() => element, /Error/);
    // The cause is fixed, but the campaign is still in error until it is started.
    backend.dependencies.set({ kind: 'channel', id: 'whatsapp' }, 'running');
    await userEvent.click(find(canvasElement, 'campaign-status-tag', '[part=tag]'));
    await waitForText(() => element, /WhatsApp.*running.*can work now/);
  },
};

/** Density: comfortable and compact. Emphasis: tint and solid. Direction: left to right and right to left. */
export const Variants: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      (['comfortable', 'compact'] as const).map((density) =>
        (['tint', 'solid'] as const).map((emphasis) =>
          stateGrid(
            `${density}, ${emphasis}`,
            [flows, python].flatMap((lifecycle) =>
              Object.keys(lifecycle.statuses).map((status) => ({
                title: html`<code>${lifecycle.system} ${status}</code>`,
                content: html`<campaign-status-tag
                  system=${lifecycle.system}
                  status=${status}
                  density=${density}
                  emphasis=${emphasis}
                ></campaign-status-tag>`,
              })),
            ),
          ),
        ),
      ),
      html`<div dir="rtl">
        ${stateGrid(
          'Right to left',
          Object.keys(python.statuses).map((status) => ({
            title: html`<code>${status}</code>`,
            content: html`<campaign-status-tag
              system="python"
              status=${status}
              stale-since=${status === 'running' ? ago(3) : nothing}
            ></campaign-status-tag>`,
          })),
        )}
      </div>`,
    ),
};

/** A wiring error is shown on the page instead of being thrown. */
export const WiringErrors: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid('Wired wrongly', [
        {
          title: 'No status and no campaign',
          content: html`<campaign-status-tag system="flows"></campaign-status-tag>`,
        },
        {
          title: 'A campaign without a provider',
          content: html`<campaign-status-tag system="flows" campaign-id="welcome-series"></campaign-status-tag>`,
        },
        {
          title: 'A system that nobody defined',
          content: html`<campaign-status-tag system="flow" status="active"></campaign-status-tag>`,
        },
      ]),
    ),
  play: async ({ canvasElement }) => {
    for (const tag of canvasElement.querySelectorAll('campaign-status-tag'))
      await waitFor(() => expect(textOf(tag)).not.toBe(''));
  },
};
