import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent } from 'storybook/test';
import '../../src/define.ts';
import '../../src/elements/campaign-inspector/define.ts';
import type { CampaignInspector } from '../../src/index.ts';
import { find, waitForElement, waitForText } from '../support/find.ts';
import { backendOf, openBackend } from '../support/story-backend.ts';
import '../support/story.styles.ts';

/** The name of each system's facts, with their values. */
const facts = (canvas: ParentNode): HTMLElement => find(canvas, 'campaign-inspector', '[part=facts]:nth-of-type(2)');

const meta: Meta<CampaignInspector> = {
  title: 'For developers/Inspector',
  component: 'campaign-inspector',
  beforeEach: openBackend,
};
export default meta;

/**
 * Why is this stale? Cut the feed, and read the cause, the next attempt and the latest events. The element is not part of
 * `campaign-status-kit/define`; import `campaign-status-kit/campaign-inspector/define`.
 */
export const Playground: StoryObj<CampaignInspector> = {
  render: (_args, context) => {
    const { src, backend } = backendOf(context);
    return html`<campaign-provider src=${src}>
      <p>
        <button class="host-button" type="button" @click=${() => backend.faults.cutFeed()}>Cut the feed</button>
        <campaign-status-tag system="flows" campaign-id="cart-left-behind"></campaign-status-tag>
      </p>
      <campaign-inspector></campaign-inspector>
    </campaign-provider>`;
  },
  play: async ({ canvasElement }) => {
    await waitForElement(canvasElement, 'campaign-inspector', '[part=events]');
    await waitForText(() => facts(canvasElement), /state live/);
    await userEvent.click(find(canvasElement, '.host-button'));
    await waitForText(() => facts(canvasElement), /state (waiting|connecting)/);
    await expect(find(canvasElement, 'campaign-inspector', '[part=events]')).toHaveTextContent(/lost/);
  },
};
