import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { de } from '../../src/i18n/de.ts';
import { flows, type CampaignProvider } from '../../src/index.ts';
import { waitForElement, find, waitForText, textOf } from '../support/find.ts';
import { openBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid } from '../support/state-grid.ts';

const meta: Meta<CampaignProvider> = {
  title: 'Elements/Provider',
  component: 'campaign-provider',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
};
export default meta;
type Story = StoryObj<CampaignProvider>;

const tag = (id: string, system = 'flows'): TemplateResult =>
  html`<campaign-status-tag system=${system} campaign-id=${id}></campaign-status-tag>`;
const tags = (canvas: ParentNode): HTMLElement[] => [...canvas.querySelectorAll<HTMLElement>('campaign-status-tag')];

/** One address and one store: all elements inside agree. */
export const Playground: Story = {
  argTypes: { src: { control: false } },
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src}>
      <campaign-header system="python" campaign-id="renewal-reminders-dach"></campaign-header>
      <p>The same campaign in a sentence: ${tag('renewal-reminders-dach', 'python')}</p>
    </campaign-provider>`,
  play: async ({ canvasElement }) => {
    await waitForText(() => tags(canvasElement)[0]!, /Running/);
    await waitForText(() => find(canvasElement, 'campaign-header'), /Running/);
  },
};

/** Another language: each is a module of its own, such as `campaign-status-kit/i18n/de`. */
export const Translated: Story = {
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src} .translations=${de}>
      <campaign-header system="flows" campaign-id="cart-left-behind"></campaign-header>
    </campaign-provider>`,
  play: ({ canvasElement }) => waitForText(() => find(canvasElement, 'campaign-header'), /Aktiv.*Gesperrt.*Stoppen/),
};

/** Routes make the kit’s links point to the host’s pages. */
export const Routes: Story = {
  render: (_args, context) =>
    html`<campaign-provider src=${backendOf(context).src} .routes=${{ campaign: '#/campaigns/{system}/{id}' }}>
      <campaign-list system="flows"></campaign-list>
    </campaign-provider>`,
  play: async ({ canvasElement }) => {
    const name = await waitForElement(canvasElement, 'campaign-list', '[part=row] [part=name]');
    await expect(name).toHaveAttribute('href', expect.stringContaining('#/campaigns/flows/back-in-stock'));
  },
};

/** Two providers on one page share nothing. An element uses the nearest provider, also after it was moved. */
export const TwoProviders: Story = {
  render: (_args, context) => {
    const { src } = backendOf(context);
    const move = (event: Event): void => {
      const root = (event.target as HTMLElement).closest('.sheet')!;
      const [from, to] = [...root.querySelectorAll('campaign-provider')];
      const moved = from?.querySelector('campaign-status-tag');
      if (moved) to?.append(moved);
    };
    return sheet(
      html`<p><button class="host-button" type="button" @click=${move}>Move the tag</button></p>`,
      stateGrid('With a backend', [
        { title: 'One', content: html`<campaign-provider src=${src}>${tag('cart-left-behind')}</campaign-provider>` },
        { title: 'Two', content: html`<campaign-provider class="second" src=${src}></campaign-provider>` },
      ]),
    );
  },
  play: async ({ canvasElement }) => {
    await waitForText(() => tags(canvasElement)[0]!, /Active/);
    await userEvent.click(find(canvasElement, '.host-button'));
    const second = find(canvasElement, '.second');
    await waitFor(() => expect(tags(canvasElement)[0]!.parentElement).toBe(second));
    await waitForText(() => tags(canvasElement)[0]!, /Active/);
  },
};

/** A wiring error is shown on the page instead of being thrown. */
export const WiringErrors: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid('Wired wrongly', [
        {
          title: 'Neither src, adapter nor store',
          content: html`<campaign-provider>${tag('cart-left-behind')}</campaign-provider>`,
        },
        {
          title: 'Two lifecycles of one system',
          content: html`<campaign-provider src="/campaigns" .lifecycles=${[flows, flows]}></campaign-provider>`,
        },
        { title: 'Elements without provider', content: tag('cart-left-behind') },
      ]),
    ),
  play: async ({ canvasElement }) => {
    for (const element of canvasElement.querySelectorAll('campaign-provider, campaign-status-tag'))
      await waitFor(() => expect(textOf(element)).toMatch(/needs|has no backend|holds two/));
  },
};
