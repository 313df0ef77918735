import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, fireEvent, userEvent, waitFor } from 'storybook/test';
import type { SimulatedBackend } from '../../mocks/index.ts';
import '../../src/define.ts';
import { httpAdapter, python, sleep, type CampaignAdapter, type CampaignLog, type LogEntry } from '../../src/index.ts';
import { waitForElement, find, waitForText } from '../support/find.ts';
import { openBackend, withBackend, backendOf } from '../support/story-backend.ts';
import '../support/story.styles.ts';
import { MARKUP, UNBROKEN } from '../support/sample-messages.ts';

const meta: Meta<CampaignLog> = {
  title: 'Elements/Log',
  component: 'campaign-log',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
  decorators: [
    (story, context) => html`<campaign-provider src=${backendOf(context).src}>${story()}</campaign-provider>`,
  ],
};
export default meta;
type Story = StoryObj<CampaignLog>;

const log = (id: string): TemplateResult => html`<campaign-log system="python" campaign-id=${id}></campaign-log>`;
/** Makes the running campaigns write to their logs. */
const grow = (backend: SimulatedBackend, times: number): void => {
  for (let count = 0; count < times; count++) backend.tick();
};
/** Adapters without optional members, one per story. */
const adapters = new Map<string, CampaignAdapter<unknown>>();
const bare = (adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> => ({
  watch: (request) => adapter.watch(request),
  act: (request) => adapter.act(request),
});
const LEVELS = ['info', 'info', 'debug', 'info', 'warning'] as const;
const longLines = (count: number, from: number): LogEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    text: `contact ${from + index} scheduled in segment ${(from + index) % 97}`,
    at: Date.now() - (count - index) * 1000,
    level: (from + index) % 1000 === 999 ? 'error' : LEVELS[(from + index) % LEVELS.length]!,
  }));
const long = (adapter: CampaignAdapter<unknown>): CampaignAdapter<unknown> => ({
  ...bare(adapter),
  async *log(_ref, signal) {
    let count = 100_000;
    yield longLines(count, 0);
    while (!signal.aborted) {
      await sleep(1000, signal);
      yield longLines(1, count++);
    }
  },
});
const element = (canvas: HTMLElement): HTMLElement => find(canvas, 'campaign-log');

/** A live engine log. */
export const Playground: Story = {
  args: { system: python.system, campaignId: 'renewal-reminders-dach', nowrap: false, listen: false },
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /strategy|dispatch/),
};

/** An exception is marked by word, icon and colour. */
export const Exception: Story = {
  tags: ['picture'],
  render: () => log('vip-preview-autumn'),
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Traceback/),
};

/** Scrolling up stops following. A button jumps to the latest line, and shows how many lines are new. */
export const ScrolledUp: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => grow(backend, 40) }),
  render: () => log('renewal-reminders-dach'),
  play: async ({ canvasElement, id }) => {
    await waitForElement(canvasElement, 'campaign-log', '[part=lines]');
    const lines = find(canvasElement, 'campaign-log', '[part=lines]');
    await waitFor(() => expect(lines.scrollHeight).toBeGreaterThan(lines.clientHeight + 60));
    lines.scrollTop = 0;
    await fireEvent.scroll(lines);
    const latest = await waitForElement(canvasElement, 'campaign-log', '[part=latest]');
    await expect(lines.scrollTop).toBeLessThan(4);
    await userEvent.click(latest);
    await waitFor(() => expect(lines.scrollTop + lines.clientHeight).toBeGreaterThan(lines.scrollHeight - 8));
    lines.scrollTop = 0;
    await fireEvent.scroll(lines);
    grow(backendOf({ id }).backend, 3);
    await waitForText(() => find(canvasElement, 'campaign-log', '[part=latest]'), /\d new/);
  },
};

/** Long lines wrap, or scroll sideways. Markup in a line is shown as text. */
export const LongLines: Story = {
  tags: ['picture'],
  args: { system: python.system, campaignId: 'renewal-reminders-dach', nowrap: true },
  parameters: withBackend({
    prepare: (backend) =>
      backend.campaigns.raise({ system: 'python', id: 'renewal-reminders-dach' }, `${MARKUP} ${UNBROKEN}`),
  }),
  play: async ({ canvasElement }) => {
    await waitForText(() => element(canvasElement), /<img src=x/);
    await expect(element(canvasElement).shadowRoot!.querySelector('img')).toBeNull();
  },
};

/** A hundred thousand lines, and a new one each second. Only visible lines are on the page; search and filter look at all of them. */
export const HundredThousandLines: Story = {
  decorators: [
    (story, context) => {
      const adapter = adapters.get(context.id) ?? long(httpAdapter({ src: backendOf(context).src }));
      adapters.set(context.id, adapter);
      return html`<campaign-provider .adapter=${adapter}>${story()}</campaign-provider>`;
    },
  ],
  render: () => log('renewal-reminders-dach'),
  play: async ({ canvasElement }) => {
    await waitForText(() => element(canvasElement), /100,\d\d\d lines/);
    await expect(element(canvasElement).shadowRoot!.querySelectorAll('[part=line]').length).toBeLessThan(300);
  },
};

/** Only errors. The count says how many of all lines are shown. */
export const Filtered: Story = {
  tags: ['picture'],
  render: () => html`<campaign-log system="python" campaign-id="vip-preview-autumn" level="error"></campaign-log>`,
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /\d of \d+ lines/),
};

/** Nothing matches: one press shows all lines again. */
export const NoMatch: Story = {
  tags: ['picture'],
  render: () =>
    html`<campaign-log system="python" campaign-id="vip-preview-autumn" search="no such line"></campaign-log>`,
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /No line matches/),
};

/** An empty log. */
export const Empty: Story = {
  tags: ['picture'],
  render: () => log('birthday-greetings'),
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Nothing has been logged/),
};

/** Before the first entries. */
export const Loading: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.stallFeed() }),
  render: () => log('renewal-reminders-dach'),
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Loading log/),
};

/** The connection is lost: the log reports it, and reconnects by itself. */
export const Interrupted: Story = {
  tags: ['picture'],
  render: () => log('renewal-reminders-dach'),
  play: async ({ canvasElement, id }) => {
    await waitForText(() => element(canvasElement), /strategy|dispatch/);
    backendOf({ id }).backend.faults.cutFeed();
    await waitForText(() => element(canvasElement), /interrupted/);
  },
};

/** A backend that keeps no engine log. */
export const Unsupported: Story = {
  tags: ['picture'],
  decorators: [
    (story, context) => {
      const adapter = adapters.get(context.id) ?? bare(httpAdapter({ src: backendOf(context).src }));
      adapters.set(context.id, adapter);
      return html`<campaign-provider .adapter=${adapter}>${story()}</campaign-provider>`;
    },
  ],
  render: () => log('renewal-reminders-dach'),
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /keeps no engine log/),
};

/** At 320 px, and right to left: the lines keep their own direction. */
export const Layouts: Story = {
  render: () =>
    html`<div class="sheet">
      <div class="narrow">${log('vip-preview-autumn')}</div>
      <div dir="rtl">${log('vip-preview-autumn')}</div>
    </div>`,
  play: ({ canvasElement }) => waitForText(() => element(canvasElement), /Traceback/),
};
