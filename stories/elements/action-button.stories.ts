import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { flows, python, type CampaignActionButton, type Lifecycle } from '../../src/index.ts';
import { LONG } from '../support/sample-messages.ts';
import { pause } from '../support/campaign-page-driver.ts';
import { appears, peek, reach, reads, textOf } from '../support/find.ts';
import { mailings } from '../support/six-statuses.ts';
import { workflows } from '../../test/support/lifecycles/index.ts';
import { openStage, stage, stageOf } from '../support/story-backend.ts';
import { sheet, states, type Shown } from '../support/state-grid.ts';

const meta: Meta<CampaignActionButton> = {
  title: 'Elements/Action button',
  component: 'campaign-action-button',
  beforeEach: openStage,
  parameters: stage({ processingMs: 300 }),
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

const every = (lifecycle: Lifecycle): Shown[] =>
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

/** One action per status, read from the lifecycle. Force stop asks first, and looks the part. */
export const Offers: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      states(flows.label, every(flows)),
      states(python.label, every(python)),
      states(mailings.label, every(mailings)),
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

/** It can be focused and says why; a press opens the reason, with the way to what is missing. */
export const Disabled: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      states('Not possible now', [
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
    const button = await appears(both.shadowRoot!, '[part=button]');
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button);
    await reads(() => reach(both.shadowRoot!, '[part=popup]'), /contacts and a Data Load strategy/);
  },
};

const connected = (system: string, id: string): TemplateResult =>
  html`<campaign-action-button id=${id} system=${system} campaign-id=${id}></campaign-action-button>`;

/**
 * What can become of a press. An accepted request is never shown as done before the backend says so: the last one here was
 * accepted and nothing came of it.
 */
export const Requests: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider .store=${stageOf(context).store({ uncertainAfterMs: 6_000 })}>
      ${sheet(
        states('After a press', [
          { title: 'Done', content: connected('python', 'dormant-accounts-2025') },
          { title: 'Refused', content: connected('python', 'quarterly-account-review') },
          { title: 'Force stop refused', content: connected('python', 'vip-preview-autumn') },
          { title: 'Too late', content: connected('python', 'renewal-reminders-dach') },
          { title: 'Not confirmed', content: connected('python', 'feedback-after-repair') },
        ]),
      )}
    </campaign-provider>`,
  play: async ({ canvasElement, id }) => {
    const { backend } = stageOf({ id });
    const element = (campaign: string): HTMLElement => reach(canvasElement, `#${campaign}`);
    const button = (campaign: string): HTMLElement => reach(element(campaign), '[part=button]');
    const outcome = (campaign: string): Promise<HTMLElement> =>
      appears(canvasElement, `#${campaign}`, '[part=outcome]');
    await appears(canvasElement, '#dormant-accounts-2025', '[part=button]');

    await userEvent.click(button('dormant-accounts-2025'));
    await reads(() => button('dormant-accounts-2025'), /Stop/);

    backend.faults.refuseNext({ code: 'invalid', reason: 'The contact file is still being checked.' });
    await userEvent.click(button('quarterly-account-review'));
    await outcome('quarterly-account-review');
    await reads(() => element('quarterly-account-review'), /still being checked/);
    await userEvent.keyboard('{Escape}');

    backend.faults.refuseNext({ code: 'invalid', reason: 'The engine does not answer.' });
    await userEvent.click(button('vip-preview-autumn'));
    await appears(canvasElement, '#vip-preview-autumn', '[part=confirm]');
    await pause(600);
    await userEvent.click(reach(element('vip-preview-autumn'), '[part=confirm-go]'));
    await outcome('vip-preview-autumn');
    await reads(() => element('vip-preview-autumn'), /engine does not answer.*(Check again|engine log)/);
    await userEvent.keyboard('{Escape}');

    // A colleague is faster by a moment; the news is still on its way.
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
    await reads(() => element('feedback-after-repair'), /not confirmed/);
    await reads(() => element('feedback-after-repair'), /Check again.*Ask again/);
  },
};

/** While the request is under way a second press does nothing. */
export const UnderWay: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider src=${stageOf(context).src}
      >${connected('python', 'dormant-accounts-2025')}</campaign-provider
    >`,
  play: async ({ canvasElement, id }) => {
    const { backend } = stageOf({ id });
    const button = await appears(canvasElement, '#dormant-accounts-2025', '[part=button]');
    backend.faults.latency(600_000);
    await userEvent.click(button);
    await reads(() => reach(canvasElement, '#dormant-accounts-2025'), /Starting…/);
    await userEvent.click(reach(canvasElement, '#dormant-accounts-2025', '[part=button]'));
    await expect(backend.campaigns.get({ system: 'python', id: 'dormant-accounts-2025' })?.record.status).toBe(
      'configured',
    );
  },
};

/** Force stop names the campaign and the consequence. Escape, or the safe answer that has the focus, changes nothing. */
export const Confirmation: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-action-button system="python" status="error" name="VIP preview autumn"></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    const asked: string[] = [];
    canvasElement.addEventListener('campaign-action', ({ detail }) => asked.push(detail.action));
    await userEvent.click(await appears(canvasElement, 'campaign-action-button', '[part=button]'));
    const dialog = await appears(canvasElement, 'campaign-action-button', '[part=confirm]');
    await expect(textOf(dialog)).toContain('VIP preview autumn');
    await expect((dialog.getRootNode() as ShadowRoot).activeElement).toHaveAttribute('part', 'confirm-cancel');
    await userEvent.click(reach(dialog, '[part=confirm-cancel]'));
    await expect(peek(canvasElement, 'campaign-action-button', '[part=confirm]')).toBeUndefined();
    await expect(asked).toEqual([]);
    await pause(600);
    await userEvent.click(reach(canvasElement, 'campaign-action-button', '[part=button]'));
    await appears(canvasElement, 'campaign-action-button', '[part=confirm]');
  },
};

/** A status with several actions: the first is the button's, the others are in a menu, each with its own reason if it can't be taken. */
export const SeveralActions: Story = {
  render: () =>
    html`<campaign-action-button
      system="workflows"
      status="running"
      name="Nightly import"
      .lifecycle=${workflows}
    ></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    await userEvent.click(await appears(canvasElement, 'campaign-action-button', '[part=more]'));
    await reads(() => reach(canvasElement, 'campaign-action-button', '[part=popup]'), /Terminate.*Pause/);
  },
};

/** An action that takes a text asks for it before the request goes out. */
export const Input: Story = {
  render: () =>
    html`<campaign-action-button
      system="workflows"
      status="failed"
      name="Nightly import"
      .lifecycle=${workflows}
    ></campaign-action-button>`,
  play: async ({ canvasElement }) => {
    await userEvent.click(await appears(canvasElement, 'campaign-action-button', '[part=button]'));
    const dialog = await appears(canvasElement, 'campaign-action-button', '[part=confirm]');
    await expect(textOf(dialog)).toContain('Run again from');
    await expect((dialog.getRootNode() as ShadowRoot).activeElement).toHaveAttribute('part', 'confirm-input');
  },
};

/** Before the press it is said whether Start is worth it, or would fall back. */
export const Outlook: Story = {
  tags: ['picture'],
  render: (_args, context) =>
    html`<campaign-provider src=${stageOf(context).src}
      >${connected('flows', 'spring-sale-launch')}</campaign-provider
    >`,
  play: async ({ canvasElement }) => {
    await userEvent.hover(await appears(canvasElement, '#spring-sale-launch', '[part=button]'));
    await appears(canvasElement, '#spring-sale-launch', '[part=popup]');
    await reads(() => reach(canvasElement, '#spring-sale-launch'), /Start would fall back/);
  },
};

/** A user who may only look is told so at the button, before any press. */
export const ReadOnlyUser: Story = {
  tags: ['picture'],
  parameters: stage({ prepare: (backend) => backend.faults.readOnly(true) }),
  render: (_args, context) =>
    html`<campaign-provider src=${stageOf(context).src}>${connected('flows', 'cart-left-behind')}</campaign-provider>`,
  play: async ({ canvasElement }) => {
    const button = await appears(canvasElement, '#cart-left-behind', '[part=button]');
    await waitFor(() => expect(button).toHaveAttribute('aria-disabled', 'true'));
    await userEvent.click(button);
    await reads(() => reach(canvasElement, '#cart-left-behind'), /read-only access/);
  },
};

/** Comfortable and compact, left to right and right to left. */
export const Forms: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      (['comfortable', 'compact'] as const).map((density) =>
        (['ltr', 'rtl'] as const).map(
          (direction) =>
            html`<div dir=${direction}>
              ${states(
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
