import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { layersChunk } from '../../src/elements/campaign-action-button/layers-chunk.ts';
import { flows, python, type CampaignActionButton, type Lifecycle } from '../../src/index.ts';
import { LONG } from '../support/sample-messages.ts';
import { pause } from '../support/campaign-page-driver.ts';
import { waitForElement, findOptional, find, waitForText, textOf } from '../support/find.ts';
import { mailings } from '../support/six-statuses.ts';
import { workflows } from '../../test/support/lifecycles/index.ts';
import { openBackend, withBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid, type GridItem } from '../support/state-grid.ts';

const meta: Meta<CampaignActionButton> = {
  title: 'Elements/Action button',
  component: 'campaign-action-button',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
  parameters: withBackend({ processingMs: 300 }),
};
export default meta;
type Story = StoryObj<CampaignActionButton>;

/** Without a store its `campaign-action` event is the request. */
export const Playground: Story = {
  args: {
    system: python.system,
    status: 'created',
    name: 'Birthday greetings',
    missing: 'contacts strategy',
    reason: '',
    pending: false,
    density: 'comfortable',
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
  Object.entries(lifecycle.statuses).map(([status, { action }]) => ({
    title: html`<code>${status}</code>`,
    note: action === undefined ? 'Offers no action, so there is no button' : undefined,
    content: html`<campaign-action-button
      system=${lifecycle.system}
      status=${status}
      name="Spring sale launch"
      .lifecycle=${lifecycle}
    ></campaign-action-button>`,
  }));

/** The action of each status, from the lifecycle. Force stop looks dangerous, and asks for confirmation. */
export const Actions: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(flows.label, eachStatus(flows)),
      stateGrid(python.label, eachStatus(python)),
      stateGrid(mailings.label, eachStatus(mailings)),
    ),
};

const plain = (attributes: { status: string; missing?: string; reason?: string; pending?: boolean }): TemplateResult =>
  html`<campaign-action-button
    system="python"
    name="Birthday greetings"
    status=${attributes.status}
    .missing=${attributes.missing}
    .reason=${attributes.reason}
    ?pending=${attributes.pending ?? false}
  ></campaign-action-button>`;

/** A disabled button can be focused. A press opens the reason, with a link to what is missing. */
export const Disabled: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid('Not possible now', [
        { title: 'Contacts missing', content: plain({ status: 'created', missing: 'contacts' }) },
        { title: 'Strategy missing', content: plain({ status: 'created', missing: 'strategy' }) },
        { title: 'Not allowed', content: plain({ status: 'configured', reason: 'Only editors may start campaigns.' }) },
        { title: 'A long reason', content: plain({ status: 'configured', reason: LONG }) },
        { title: 'Unknown status', content: plain({ status: 'archived' }) },
        { title: 'Under way', content: plain({ status: 'configured', pending: true }) },
        { title: 'Both missing', content: plain({ status: 'created', missing: 'contacts strategy' }) },
      ]),
    ),
  play: async ({ canvasElement }) => {
    const both = [...canvasElement.querySelectorAll('campaign-action-button')].at(-1)!;
    await waitFor(() => expect(both.shadowRoot).toBeTruthy());
    const button = await waitForElement(both.shadowRoot!, '[part=button]');
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button);
    await waitForText(() => find(both.shadowRoot!, '[part=popup]'), /contacts and a Data Load strategy/);
  },
};

const connected = (system: string, id: string): TemplateResult =>
  html`<campaign-action-button id=${id} system=${system} campaign-id=${id}></campaign-action-button>`;

/**
 * The outcomes of a request. An accepted request is shown as done only when the backend confirms it: the last one here
 * was accepted, and had no effect.
 */
export const Requests: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider .store=${backendOf(context).store({ uncertainAfterMs: 6_000 })}>
      ${sheet(
        stateGrid('After a press', [
          { title: 'Done', content: connected('python', 'dormant-accounts-2025') },
          { title: 'Refused', content: connected('python', 'quarterly-account-review') },
          { title: 'Force stop refused', content: connected('python', 'vip-preview-autumn') },
          { title: 'Too late', content: connected('python', 'renewal-reminders-dach') },
          { title: 'Not confirmed', content: connected('python', 'feedback-after-repair') },
        ]),
      )}
    </campaign-provider>`,
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    const element = (campaign: string): HTMLElement => find(canvasElement, `#${campaign}`);
    const button = (campaign: string): HTMLElement => find(element(campaign), '[part=button]');
    const outcome = (campaign: string): Promise<HTMLElement> =>
      waitForElement(canvasElement, `#${campaign}`, '[part=outcome]');
    await waitForElement(canvasElement, '#dormant-accounts-2025', '[part=button]');

    await userEvent.click(button('dormant-accounts-2025'));
    await waitForText(() => button('dormant-accounts-2025'), /Stop/);

    backend.faults.refuseNext({ code: 'invalid', reason: 'The contact file is still being checked.' });
    await userEvent.click(button('quarterly-account-review'));
    await outcome('quarterly-account-review');
    await waitForText(() => element('quarterly-account-review'), /still being checked/);
    await userEvent.keyboard('{Escape}');

    backend.faults.refuseNext({ code: 'invalid', reason: 'The engine does not answer.' });
    await userEvent.click(button('vip-preview-autumn'));
    await waitForElement(canvasElement, '#vip-preview-autumn', '[part=confirm]');
    await pause(600);
    await userEvent.click(find(element('vip-preview-autumn'), '[part=confirm-go]'));
    await outcome('vip-preview-autumn');
    await waitForText(() => element('vip-preview-autumn'), /engine does not answer.*(Check again|engine log)/);
    await userEvent.keyboard('{Escape}');

    // Another user was faster, and the change has not arrived yet.
    backend.faults.stallFeed();
    backend.campaigns.force(
      { system: 'python', id: 'renewal-reminders-dach' },
      { status: 'configured', changedBy: 'Media buyer' },
    );
    await userEvent.click(button('renewal-reminders-dach'));
    await outcome('renewal-reminders-dach');
    backend.faults.restoreFeed();
    await userEvent.keyboard('{Escape}');

    backend.faults.swallowNext();
    await userEvent.click(button('feedback-after-repair'));
    const open = await outcome('feedback-after-repair');
    await userEvent.click(open);
    await waitForText(() => element('feedback-after-repair'), /not confirmed/);
    await waitForText(() => element('feedback-after-repair'), /Check again.*Ask again/);
  },
};

/** While the request is pending, a second press does nothing. */
export const Pending: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}
      >${connected('python', 'dormant-accounts-2025')}</campaign-provider
    >`,
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    const button = await waitForElement(canvasElement, '#dormant-accounts-2025', '[part=button]');
    backend.faults.latency(600_000);
    await userEvent.click(button);
    await waitForText(() => find(canvasElement, '#dormant-accounts-2025'), /Starting…/);
    await userEvent.click(find(canvasElement, '#dormant-accounts-2025', '[part=button]'));
    await expect(backend.campaigns.get({ system: 'python', id: 'dormant-accounts-2025' })?.record.status).toBe(
      'configured',
    );
  },
};

/**
 * The confirmation names the campaign and the consequence. Escape, or the safe answer, which has the focus, changes
 * nothing.
 */
export const Confirmation: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-action-button system="python" status="error" name="VIP preview autumn"></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    const requested: string[] = [];
    canvasElement.addEventListener('campaign-action', ({ detail }) => requested.push(detail.action));
    await userEvent.click(await waitForElement(canvasElement, 'campaign-action-button', '[part=button]'));
    const dialog = await waitForElement(canvasElement, 'campaign-action-button', '[part=confirm]');
    await expect(textOf(dialog)).toContain('VIP preview autumn');
    await expect((dialog.getRootNode() as ShadowRoot).activeElement).toHaveAttribute('part', 'confirm-cancel');
    await userEvent.click(find(dialog, '[part=confirm-cancel]'));
    await expect(findOptional(canvasElement, 'campaign-action-button', '[part=confirm]')).toBeUndefined();
    await expect(requested).toEqual([]);
    await pause(600);
    await userEvent.click(find(canvasElement, 'campaign-action-button', '[part=button]'));
    await waitForElement(canvasElement, 'campaign-action-button', '[part=confirm]');
  },
};

/** A status with several actions: the first is the button's, the others are in a menu, each with its own reason if it can't be taken. */
export const SeveralActions: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-action-button
      system="workflows"
      status="running"
      name="Nightly import"
      .lifecycle=${workflows}
    ></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    await userEvent.click(await waitForElement(canvasElement, 'campaign-action-button', '[part=more]'));
    await waitForText(() => find(canvasElement, 'campaign-action-button', '[part=popup]'), /Terminate.*Pause/);
  },
};

/** An action with an input asks for it before the request is sent. */
export const Input: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-action-button
      system="workflows"
      status="failed"
      name="Nightly import"
      .lifecycle=${workflows}
    ></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    await userEvent.click(await waitForElement(canvasElement, 'campaign-action-button', '[part=button]'));
    const dialog = await waitForElement(canvasElement, 'campaign-action-button', '[part=confirm]');
    await expect(textOf(dialog)).toContain('Run again from');
    await expect((dialog.getRootNode() as ShadowRoot).activeElement).toHaveAttribute('part', 'confirm-input');
  },
};

/** The button predicts, before the press, whether Start will work or fail again. */
export const PredictedResult: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}
      >${connected('flows', 'spring-sale-launch')}</campaign-provider
    >`,
  play: async ({ canvasElement }) => {
    // A simulated mouse hovers for a moment only, so the code of the popup has to be there.
    await layersChunk.load();
    await userEvent.hover(await waitForElement(canvasElement, '#spring-sale-launch', '[part=button]'));
    await waitForElement(canvasElement, '#spring-sale-launch', '[part=popup]');
    await waitForText(
      () => find(canvasElement, '#spring-sale-launch'),
      /After “Start”, the campaign would be in error again/,
    );
  },
};

/** For a read-only user the button is disabled, with the reason. */
export const ReadOnlyUser: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.readOnly(true) }),
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}
      >${connected('flows', 'cart-left-behind')}</campaign-provider
    >`,
  play: async ({ canvasElement }) => {
    const button = await waitForElement(canvasElement, '#cart-left-behind', '[part=button]');
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
    await userEvent.click(button);
    await waitForText(() => find(canvasElement, '#cart-left-behind'), /read-only access/);
  },
};

/** Comfortable and compact, left to right and right to left. */
export const Variants: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      (['comfortable', 'compact'] as const).map((density) =>
        (['ltr', 'rtl'] as const).map(
          (direction) =>
            html`<div dir=${direction}>
              ${stateGrid(
                `${density}, ${direction}`,
                Object.keys(python.statuses).map((status) => ({
                  title: html`<code>${status}</code>`,
                  content: html`<campaign-action-button
                    system="python"
                    status=${status}
                    missing=${status === 'created' ? 'contacts' : ''}
                    density=${density}
                  ></campaign-action-button>`,
                })),
              )}
            </div>`,
        ),
      ),
    ),
};
