/** Lifecycles of engines unlike flows and python: a host defines one, and every element follows. */
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, waitFor } from 'storybook/test';
import '../src/define.ts';
import type { Lifecycle } from '../src/index.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../test/support/lifecycles/index.ts';
import { find } from './support/find.ts';
import { backendOf, openBackend, withBackend } from './support/story-backend.ts';

const meta: Meta = { title: 'Other engines', tags: ['!autodocs'], beforeEach: openBackend };
export default meta;
type Story = StoryObj;

/** A list of campaigns of one lifecycle, on a simulated backend that runs it. */
const campaignsOf = (lifecycle: Lifecycle): Story => ({
  parameters: withBackend({ lifecycles: [lifecycle] }),
  render: (_args, context): TemplateResult =>
    html`<campaign-provider .lifecycles=${[lifecycle]} src=${backendOf(context).src}>
      <campaign-list system=${lifecycle.system}></campaign-list>
    </campaign-provider>`,
  play: ({ canvasElement }) => waitFor(() => expect(find(canvasElement, 'campaign-list', '[part=row]')).toBeVisible()),
});

/** Two actions at a time, several ends that the engine chooses, an action that asks for a text. */
export const Workflows: Story = { ...campaignsOf(workflows), tags: ['picture'] };

/** Thirteen statuses, most of which the scheduler moves to by itself, and icons of the host's own. */
export const Tasks: Story = { ...campaignsOf(tasks), tags: ['picture'] };

/** An action that leads back to the same status. */
export const Jobs: Story = campaignsOf(jobs);

/** Statuses named by numbers, in the order of the work. */
export const PrintRuns: Story = campaignsOf(printRuns);

/** The smallest lifecycle: on or off. */
export const Switches: Story = campaignsOf(switches);
