import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent } from 'storybook/test';
import './support/adapter-doctor.ts';
import { find, waitForText } from './support/find.ts';
import { openBackend, withBackend, backendOf } from './support/story-backend.ts';
import './support/story.styles.ts';

/** A run takes a few seconds; on a busy machine it may take more. */
const LONG_ENOUGH = 30_000;

interface Args {
  readonly breaks: string;
  readonly byAddress: boolean;
}

const meta: Meta<Args> = {
  title: 'For developers/Adapter doctor',
  tags: ['!autodocs'],
  beforeEach: openBackend,
  // Fast, and nothing changes except through the rules.
  parameters: withBackend({ sampleData: 'empty', tickMs: 0, processingMs: 50, heartbeatMs: 200, pageSize: 50 }),
  args: { breaks: '', byAddress: false },
  argTypes: { breaks: { table: { disable: true } }, byAddress: { table: { disable: true } } },
  render: ({ breaks, byAddress }, context) => {
    const { backend, src } = backendOf(context);
    return html`<story-adapter-doctor
      .backend=${backend}
      .src=${src}
      .breaks=${breaks}
      .address=${byAddress ? src : ''}
    ></story-adapter-doctor>`;
  },
};
export default meta;
type Story = StoryObj<Args>;

const doctor = (canvas: HTMLElement): HTMLElement => find(canvas, 'story-adapter-doctor');
const press = (canvas: HTMLElement): Promise<void> => userEvent.click(find(canvas, 'story-adapter-doctor', 'button'));
const shows = (canvas: HTMLElement, text: RegExp): Promise<void> =>
  waitForText(() => find(canvas, 'story-adapter-doctor', '[role=status]'), text, LONG_ENOUGH);
const broken = (canvas: HTMLElement): readonly (string | undefined)[] =>
  [...doctor(canvas).shadowRoot!.querySelectorAll('article')].map(({ dataset }) => dataset['rule']);

/** The HTTP adapter of the kit passes every rule. */
export const Healthy: Story = {
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await shows(canvasElement, /^The adapter conforms\. \d+ passed, 0 failed, 0 warned, 4 skipped/);
    await expect(broken(canvasElement)).toEqual([]);
  },
};

/** An adapter that sends a changed campaign with its old revision fails that rule and no other. */
export const OneRuleBroken: Story = {
  args: { breaks: 'revision-grows' },
  play: async ({ canvasElement }) => {
    await press(canvasElement);
    await shows(canvasElement, /^The adapter does not conform\. \d+ passed, 1 failed, 0 warned/);
    await expect(broken(canvasElement)).toEqual(['revision-grows']);
    await waitForText(
      () => find(canvasElement, 'story-adapter-doctor', 'article'),
      /Received After revision 1 a change came with/,
    );
  },
};

/** A backend at an address is checked read-only. */
export const ByAddress: Story = {
  args: { byAddress: true },
  parameters: withBackend({ tickMs: 0, heartbeatMs: 200 }),
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    const before = JSON.stringify(backend.campaigns.list('flows'));
    await press(canvasElement);
    await shows(canvasElement, /^The adapter conforms, as far as a read-only run can check\. \d+ passed, 0 failed/);
    await expect(JSON.stringify(backend.campaigns.list('flows'))).toBe(before);
  },
};
