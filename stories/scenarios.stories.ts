import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect } from 'storybook/test';
import '../src/define.ts';
import './support/campaign-page.ts';
import { CampaignPageDriver } from './support/campaign-page-driver.ts';
import { find, waitForElement, waitForText } from './support/find.ts';
import './support/scenario-timeline.ts';
import * as scenarios from './support/scenarios.ts';
import type { Scenario } from './support/scenarios.ts';
import { backendOf, openBackend, withBackend } from './support/story-backend.ts';
import './support/story.styles.ts';

/** Sequences that play by themselves, on the page of Lifecycle. The address of a story is a link to share. */
const meta: Meta = { title: 'Scenarios', tags: ['!autodocs'], beforeEach: openBackend };
export default meta;

function story(scenario: Scenario, play: (page: CampaignPageDriver, canvas: HTMLElement) => Promise<void>): StoryObj {
  const { title, ref, prepare } = scenario;
  return {
    name: title,
    parameters: withBackend({ tickMs: 0, ...(prepare ? { prepare } : {}) }),
    render: (_args, context) => {
      const { backend, store } = backendOf(context);
      return html`<campaign-provider .store=${store()}>
        <story-campaign-page .system=${ref.system} .chosen=${{ [ref.system]: ref.id }}>
          <story-scenario-timeline
            slot="foot"
            .scenario=${scenario}
            .backend=${backend}
            .store=${store()}
          ></story-scenario-timeline>
        </story-campaign-page>
      </campaign-provider>`;
    },
    play: async ({ canvasElement }) => {
      const page = new CampaignPageDriver(canvasElement);
      await page.ready();
      await play(page, canvasElement);
    },
  };
}

/** Waits until the timeline has this in the column of the page. */
function pageShows(canvas: HTMLElement, text: RegExp): Promise<void> {
  return waitForText(() => find(canvas, 'story-scenario-timeline', 'tbody'), text);
}

export const ChannelGoesDown = story(scenarios.channelGoesDown, async (page, canvas) => {
  await page.shows('Anniversary week', 'Error');
  await pageShows(canvas, /20\d error/);
});

export const ForceStopRefused = story(scenarios.forceStopRefused, async (page, canvas) => {
  await page.press('Force stop');
  await page.confirm();
  await pageShows(canvas, /force-stop is refused/);
  await expect(page.offer).toHaveTextContent('Force stop');
});

export const FeedLost = story(scenarios.feedLost, async (_page, canvas) => {
  await pageShows(canvas, /last known Active/);
  await waitForText(() => find(canvas, 'story-campaign-page', 'campaign-header'), /Last known/);
});

export const UnknownStatus = story(scenarios.unknownStatus, async (page) => {
  await page.shows('Anniversary week', 'archived');
  await expect(page.offer).toHaveAttribute('aria-disabled', 'true');
});

export const ThousandChanges = story(scenarios.thousandChanges, async (_page, canvas) => {
  await waitForElement(canvas, 'story-scenario-timeline', 'td');
  await pageShows(canvas, /1,00\d error/);
});
