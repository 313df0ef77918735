import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { flows, python, type RecoveryGuide } from '../../src/index.ts';
import { LONG, TRACE } from '../support/sample-messages.ts';
import { pause } from '../support/campaign-page-driver.ts';
import { waitForElement, find, waitForText, textOf } from '../support/find.ts';
import { openBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid } from '../support/state-grid.ts';

const meta: Meta<RecoveryGuide> = {
  title: 'Elements/Recovery guide',
  component: 'recovery-guide',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
  decorators: [
    (story, context) => html`<campaign-provider src=${backendOf(context).src}>${story()}</campaign-provider>`,
  ],
};
export default meta;
type Story = StoryObj<RecoveryGuide>;

const guide = (system: string, id: string): TemplateResult =>
  html`<recovery-guide id=${id} system=${system} campaign-id=${id}></recovery-guide>`;
const element = (canvas: HTMLElement): HTMLElement => find(canvas, 'recovery-guide');
const steps = (canvas: HTMLElement): HTMLElement[] => [
  ...element(canvas).shadowRoot!.querySelectorAll<HTMLElement>('[part=step]'),
];
const doneOf = (canvas: HTMLElement): string => textOf(find(canvas, 'recovery-guide', '[part=progress]'));

/** The error, the steps to fix it, and the next action. */
export const Playground: Story = {
  tags: ['picture'],
  args: { system: flows.system, campaignId: 'spring-sale-launch', headingLevel: 3, quiet: false },
  argTypes: { system: { control: 'select', options: [flows.system, python.system] } },
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Recover Spring sale launch/),
};

/** A step is ticked when its cause is fixed, and unticked when it breaks again. */
export const AutomaticSteps: Story = {
  render: () => guide('flows', 'spring-sale-launch'),
  play: async ({ canvasElement, id }) => {
    const { dependencies } = backendOf({ id }).backend;
    await waitForText(() => steps(canvasElement)[1]!, /Channel WhatsApp not running/);
    dependencies.set({ kind: 'channel', id: 'whatsapp' }, 'running');
    // The diagnosis is read every few seconds.
    await waitForText(() => steps(canvasElement)[1]!, /Done, checked live/);
  },
};

/** Steps that only a person can judge are ticked by hand. */
export const ManualSteps: Story = {
  tags: ['picture'],
  render: () => guide('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    const box = await waitForElement(canvasElement, 'recovery-guide', 'input[type=checkbox]');
    await userEvent.click(box);
    await expect(doneOf(canvasElement)).toMatch(/^1 /);
    await expect(textOf(steps(canvasElement)[0]!)).toContain('Done by you');
  },
};

/** Python: the steps continue after Force stop, although the campaign is no longer in error. */
export const AfterForceStop: Story = {
  tags: ['picture'],
  render: () => guide('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    await userEvent.click(
      await waitForElement(canvasElement, 'recovery-guide', 'campaign-action-button', '[part=button]'),
    );
    await waitForElement(canvasElement, 'recovery-guide', 'campaign-action-button', '[part=confirm]');
    await pause(600);
    await userEvent.click(find(canvasElement, 'recovery-guide', 'campaign-action-button', '[part=confirm-go]'));
    await waitFor(() => expect(textOf(steps(canvasElement)[1]!)).toContain('Done, checked live'));
    await waitForText(() => steps(canvasElement)[3]!, /Start/);
  },
};

/** The engine log opens in the step that needs it. */
export const WithLog: Story = {
  tags: ['picture'],
  render: () => guide('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    await userEvent.click(await waitForElement(canvasElement, 'recovery-guide', '[part=log-button]'));
    await waitForText(() => find(canvasElement, 'recovery-guide', 'campaign-log'), /Traceback/);
  },
};

/** The history, opened below the steps. */
export const WithHistory: Story = {
  tags: ['picture'],
  render: () => guide('python', 'vip-preview-autumn'),
  play: async ({ canvasElement }) => {
    await userEvent.click(await waitForElement(canvasElement, 'recovery-guide', '[part=history-button]'));
    await waitForText(() => find(canvasElement, 'recovery-guide', '[part=history]'), /Error/);
  },
};

/** After the last step. */
export const Recovered: Story = {
  tags: ['picture'],
  render: () => guide('flows', 'review-request'),
  play: async ({ canvasElement }) => {
    await userEvent.click(
      await waitForElement(canvasElement, 'recovery-guide', 'campaign-action-button', '[part=button]'),
    );
    await waitForText(() => element(canvasElement), /Recovered: Review request is Active/);
  },
};

/** Closed until the next error. */
export const Closed: Story = {
  tags: ['picture'],
  render: () => guide('flows', 'spring-sale-launch'),
  play: async ({ canvasElement }) => {
    await userEvent.click(await waitForElement(canvasElement, 'recovery-guide', '[part=close]'));
    await waitForText(() => element(canvasElement), /Show recovery steps/);
  },
};

/** Nothing to recover; with `quiet` there is nothing to see either. */
export const Healthy: Story = {
  tags: ['picture'],
  render: () => guide('flows', 'cart-left-behind'),
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Nothing to recover/),
};

/** The connection is lost: automatic steps are last known. */
export const ConnectionLost: Story = {
  tags: ['picture'],
  render: () => guide('flows', 'spring-sale-launch'),
  play: async ({ canvasElement, id }) => {
    await waitForText(() => element(canvasElement), /Recover Spring sale launch/);
    backendOf({ id }).backend.faults.cutFeed();
    await waitForText(() => element(canvasElement), /Last known/);
  },
};

/** From attributes alone: without a store every step is ticked by hand. Long messages scroll. */
export const WithoutStore: Story = {
  tags: ['picture'],
  decorators: [],
  render: () =>
    sheet(
      stateGrid(
        'Messages',
        [TRACE, LONG].map((message, index) => ({
          title: index === 0 ? 'Several lines' : 'Very long',
          content: html`<recovery-guide
            system=${index === 0 ? 'python' : 'flows'}
            status="error"
            name="VIP preview autumn"
            message=${message}
            at=${Date.now() - 60_000}
          ></recovery-guide>`,
        })),
        true,
      ),
    ),
};

/** At 320 px, and right to left. */
export const Layouts: Story = {
  render: () =>
    sheet(
      html`<div class="narrow">${guide('flows', 'spring-sale-launch')}</div>`,
      html`<div dir="rtl">${guide('python', 'insurance-cross-sell-q2')}</div>`,
    ),
  play: async ({ canvasElement }) => {
    await waitForText(() => find(canvasElement, '#spring-sale-launch'), /Recover/);
    for (const one of canvasElement.querySelectorAll('recovery-guide'))
      await expect(one.scrollWidth).toBeLessThanOrEqual(one.clientWidth);
  },
};
