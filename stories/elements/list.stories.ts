import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html, type TemplateResult } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../../src/define.ts';
import { flows, python, type CampaignList } from '../../src/index.ts';
import { BIDI, LONG, MARKUP, UNBROKEN } from '../support/sample-messages.ts';
import { waitForElement, find, waitForText, textOf } from '../support/find.ts';
import { mailings } from '../support/six-statuses.ts';
import { hostColumns } from '../support/host-columns.ts';
import { slowExports } from '../support/slow-exports.ts';
import { openBackend, withBackend, backendOf } from '../support/story-backend.ts';
import { sheet, stateGrid } from '../support/state-grid.ts';

const meta: Meta<CampaignList> = {
  title: 'Elements/List',
  component: 'campaign-list',
  tags: ['!autodocs'], // its page is the .mdx file
  beforeEach: openBackend,
  args: { system: flows.system },
  argTypes: { system: { control: 'select', options: [flows.system, python.system] } },
  decorators: [
    (story, context) => html`<campaign-provider src=${backendOf(context).src}>${story()}</campaign-provider>`,
  ],
};
export default meta;
type Story = StoryObj<CampaignList>;

/** The Retry-After of a failing backend, in ms: nothing changes during the story. */
const TEN_MINUTES = 600_000;

const list = (canvas: HTMLElement): HTMLElement => find(canvas, 'campaign-list');
const rows = (canvas: HTMLElement): NodeListOf<HTMLElement> => list(canvas).shadowRoot!.querySelectorAll('[part=row]');

/** Search, filters by status, sorting, and the action of each campaign. */
export const Playground: Story = {
  tags: ['picture'],
  args: {
    density: 'comfortable',
    announce: 'errors',
    noSearch: false,
    noFilters: false,
    selected: 'cart-left-behind',
  },
  play: ({ canvasElement }) => waitFor(() => expect(rows(canvasElement)).toHaveLength(12)),
};

/** The other system. The two never mix in one list. */
export const Python: Story = {
  args: { system: python.system },
  play: ({ canvasElement }) => waitFor(() => expect(rows(canvasElement)).toHaveLength(12)),
};

/** Six statuses that a host defined: filters, tags and buttons use them. */
export const SixStatuses: Story = {
  tags: ['picture'],
  args: { system: mailings.system },
  argTypes: { system: { control: false } },
  decorators: [
    (story, context) =>
      html`<campaign-provider src=${backendOf(context).src} .lifecycles=${[mailings]}>${story()}</campaign-provider>`,
  ],
  parameters: withBackend({ lifecycles: [mailings] }),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement).length).toBeGreaterThan(6));
    await expect(list(canvasElement).shadowRoot!.querySelectorAll('[part=chip]')).toHaveLength(7);
  },
};

/** A campaign that stays in a status longer than its lifecycle expects is stuck. A filter shows only those. */
export const Stuck: Story = {
  tags: ['picture'],
  args: { system: slowExports.system },
  argTypes: { system: { control: false } },
  decorators: [
    (story, context) =>
      html`<campaign-provider src=${backendOf(context).src} .lifecycles=${[slowExports]}
        >${story()}</campaign-provider
      >`,
  ],
  parameters: withBackend({
    lifecycles: [slowExports],
    sampleData: 'empty',
    tickMs: 0,
    prepare: ({ campaigns }) => {
      for (const [id, name, minutes] of [
        ['new-contacts', 'New contacts', 2],
        ['spring-contacts', 'Spring contacts', 14],
        ['all-contacts', 'All contacts since 2019', 26 * 60],
      ] as const) {
        campaigns.add({ system: slowExports.system, id, name, status: 'running' });
        campaigns.force({ system: slowExports.system, id }, { at: Date.now() - minutes * 60_000 });
      }
    },
  }),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(3));
    await waitForText(() => list(canvasElement), /Stuck for 14 min/);
    const chips = [...list(canvasElement).shadowRoot!.querySelectorAll<HTMLElement>('[part=chip]')];
    await userEvent.click(chips.find((chip) => textOf(chip).startsWith('Stuck'))!);
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(2));
  },
};

/** Filters show how many campaigns they match. One button removes all filters. */
export const FilteredToNothing: Story = {
  tags: ['picture'],
  render: () => html`<campaign-list system="flows"></campaign-list>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    const chips = [...list(canvasElement).shadowRoot!.querySelectorAll<HTMLElement>('[part=chip]')];
    await userEvent.click(chips.find((chip) => textOf(chip).startsWith('Error'))!);
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(3));
    await userEvent.type(find(list(canvasElement), '[part=search-input]'), 'welcome');
    await waitForText(() => list(canvasElement), /No campaign matches/);
  },
};

/** Columns that the host has added: two with texts, one that it renders itself. A button opens the choice of columns. */
export const ExtraColumns: Story = {
  tags: ['picture'],
  render: () => html`<campaign-list system="flows" column-choice .columns=${hostColumns}></campaign-list>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    await userEvent.click(find(list(canvasElement), '[part=columns]'));
    await waitForElement(canvasElement, 'campaign-list', '[part=column]');
    await userEvent.click(find(list(canvasElement), '[part=column] input'));
    await userEvent.keyboard('{Escape}');
    await expect(list(canvasElement)).toHaveProperty('hiddenColumns', 'at');
    await expect(find(list(canvasElement), '[part~=cell-sent]')).toHaveAccessibleName(/^\d+ %$/);
  },
};

/** Check boxes, and buttons for what the selected campaigns offer. */
export const Selectable: Story = {
  tags: ['picture'],
  render: () => html`<campaign-list system="flows" selectable></campaign-list>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    for (const row of [...rows(canvasElement)].slice(1, 5)) await userEvent.click(find(row, '[part=select]'));
    await waitForText(() => list(canvasElement), /4 selected/);
  },
};

/** All rows are selected, and Start was pressed: each campaign is done, or was skipped with a reason. */
export const BulkOutcomes: Story = {
  tags: ['picture'],
  render: () => html`<campaign-list system="flows" selectable></campaign-list>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    await userEvent.click(find(list(canvasElement), '[part=select-all]'));
    await userEvent.click(await waitForElement(canvasElement, 'campaign-list', '[part=bulk-action]'));
    await userEvent.click(await waitForElement(canvasElement, 'campaign-list', '[part=bulk-toggle]'));
    await waitForElement(canvasElement, 'campaign-list', '[part=bulk-names]');
  },
};

/** Force stop lists the campaigns before anything is sent. */
export const BulkConfirmation: Story = {
  tags: ['picture'],
  parameters: withBackend({ tickMs: 0, prepare: ({ campaigns }) => campaigns.fill(60, 'python') }),
  render: () => html`<campaign-list system="python" selectable></campaign-list>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement).length).toBeGreaterThan(6));
    await userEvent.click(find(list(canvasElement), '[part=select-all]'));
    await waitForElement(canvasElement, 'campaign-list', '[part=bulk-action]');
    const buttons = list(canvasElement).shadowRoot!.querySelectorAll<HTMLElement>('[part=bulk-action]');
    await userEvent.click([...buttons].find((button) => textOf(button).startsWith('Force stop'))!);
    await waitForElement(canvasElement, 'campaign-list', '[part=bulk-names]');
  },
};

const newestFirst = { sort: 'at', descending: true } as const;

/** While the mouse or the focus is on the rows, the order does not change. A button applies the new order. */
export const PendingReorder: Story = {
  tags: ['picture'],
  render: () => html`<campaign-list system="flows" .query=${newestFirst}></campaign-list>`,
  play: async ({ canvasElement, id }) => {
    const { backend } = backendOf({ id });
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    // Until it has all campaigns, it takes every order over.
    await waitFor(() =>
      expect(list(canvasElement)).not.toSatisfy((shown: Element) => shown.matches(':state(loading)')),
    );
    await userEvent.hover(rows(canvasElement)[1]!);
    const first = textOf(find(rows(canvasElement)[0]!, '[part=name]'));
    for (const campaign of ['cart-left-behind', 'price-drop-on-wish-list'])
      backend.campaigns.raise({ system: 'flows', id: campaign });
    await waitForElement(canvasElement, 'campaign-list', '[part=reorder]');
    await expect(textOf(find(rows(canvasElement)[0]!, '[part=name]'))).toBe(first);
  },
};

/** No campaigns yet. */
export const Empty: Story = {
  tags: ['picture'],
  parameters: withBackend({ sampleData: 'empty' }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /no campaigns yet/i),
};

/** The host’s own text for an empty list. */
export const EmptySlot: Story = {
  tags: ['picture'],
  parameters: withBackend({ sampleData: 'empty' }),
  render: () =>
    html`<campaign-list system="flows">
      <p slot="empty">
        No flows so far. <a href="https://example.org/new" target="_blank" rel="noreferrer">Create the first</a>.
      </p>
    </campaign-list>`,
  play: async ({ canvasElement }) => {
    const { shadowRoot } = await waitForElement(canvasElement, 'campaign-list');
    await waitFor(() => expect(shadowRoot!.querySelector('slot[name=empty]')).toBeTruthy());
  },
};

/** The feed is open and has sent nothing yet. */
export const Loading: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.stallFeed() }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /Loading campaigns/),
};

/** The backend can't be reached. */
export const Failed: Story = {
  tags: ['picture'],
  parameters: withBackend({
    prepare: (backend) => backend.faults.answer(503, { to: 'watch', retryAfterMs: TEN_MINUTES }),
  }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /could not be read/),
};

/** The user is signed out. */
export const SignedOut: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.answer(401) }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /signed out/i),
};

/** The user may not see the campaigns. */
export const Forbidden: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.answer(403) }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /may not see/i),
};

/** There is no backend at the address. */
export const Misconfigured: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.answer(404) }),
  play: ({ canvasElement }) => waitForText(() => list(canvasElement), /not set up correctly/),
};

/** The connection is lost: every tag shows the last known status, with its time. */
export const ConnectionLost: Story = {
  tags: ['picture'],
  play: async ({ canvasElement, id }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    const { faults } = backendOf({ id }).backend;
    faults.answer(503, { to: 'watch', retryAfterMs: TEN_MINUTES });
    faults.dropFeed();
    await waitForText(() => list(canvasElement), /Connection lost.*in 10 minutes/);
    for (const row of rows(canvasElement)) await waitForText(() => find(row, 'campaign-status-tag'), /Last known \d/);
  },
};

/** Hostile names and messages are shown as text, and keep the columns. */
export const UntrustedTexts: Story = {
  tags: ['picture'],
  parameters: withBackend({
    sampleData: 'empty',
    prepare: ({ campaigns }) => {
      const names = [MARKUP, LONG.slice(0, 160), UNBROKEN, BIDI.split('\n')[0]!, 'نشرة الخريف – Autumn', '   ', '0'];
      for (const [index, name] of names.entries()) {
        const ref = campaigns.add({ system: 'flows', id: `outside-${index}`, name, status: 'active' });
        if (index % 2 === 0) campaigns.raise(ref, [MARKUP, LONG, UNBROKEN, BIDI][index / 2]);
      }
    },
  }),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(7));
    await expect(list(canvasElement).shadowRoot!.querySelector('[part=row] img')).toBeNull();
  },
};

/** An unreadable campaign, and one with an unknown status: both stay in the list, marked. */
export const UnreadableAndUnknown: Story = {
  tags: ['picture'],
  play: async ({ canvasElement, id }) => {
    const { campaigns } = backendOf({ id }).backend;
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    campaigns.corrupt({ system: 'flows', id: 'back-in-stock' });
    campaigns.force({ system: 'flows', id: 'cart-left-behind' }, { status: 'archived' });
    await waitForText(() => list(canvasElement), /1 campaign could not be read/);
    await waitForText(() => list(canvasElement), /archived/);
  },
};

/** For a read-only user every button is disabled, with the reason. */
export const ReadOnlyUser: Story = {
  tags: ['picture'],
  parameters: withBackend({ prepare: (backend) => backend.faults.readOnly(true) }),
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    for (const row of rows(canvasElement))
      await waitFor(() =>
        expect(find(row, 'campaign-action-button', '[part=button]')).toHaveAttribute('aria-disabled', 'true'),
      );
  },
};

const contained = (system: string): TemplateResult =>
  html`<campaign-list class="boxed" system=${system} contained></campaign-list>`;

/** Ten thousand campaigns in a scrolling box. Only the rows on screen are rendered. */
export const TenThousandCampaigns: Story = {
  parameters: withBackend({
    sampleData: 'empty',
    tickMs: 0,
    prepare: (backend) => backend.campaigns.fill(10_000, 'flows'),
  }),
  render: () => contained('flows'),
  play: async ({ canvasElement }) => {
    await waitForText(() => list(canvasElement), /10,000 campaigns/);
    await expect(rows(canvasElement).length).toBeLessThan(60);
  },
};

/** At 320 px each row is a card. The roles stay those of a grid. */
export const Narrow: Story = {
  render: () => html`<div class="narrow"><campaign-list system="python"></campaign-list></div>`,
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    await expect(list(canvasElement).scrollWidth).toBeLessThanOrEqual(list(canvasElement).clientWidth);
  },
};

/** Compact rows. */
export const Compact: Story = {
  args: { density: 'compact' },
  play: async ({ canvasElement }) => {
    await waitFor(() => expect(rows(canvasElement)).toHaveLength(12));
    await expect(list(canvasElement)).toHaveAttribute('density', 'compact');
  },
};

/** Right-to-left layout, with English texts. */
export const RightToLeft: Story = {
  render: () => html`<div dir="rtl"><campaign-list system="python"></campaign-list></div>`,
  play: ({ canvasElement }) => waitFor(() => expect(rows(canvasElement)).toHaveLength(12)),
};

/** A wiring error is shown on the page instead of being thrown. */
export const WiringErrors: Story = {
  tags: ['picture'],
  render: () =>
    sheet(
      stateGrid(
        'Wired wrongly',
        [
          { title: 'No system', content: html`<campaign-list></campaign-list>` },
          { title: 'A system that nobody defined', content: html`<campaign-list system="flow"></campaign-list>` },
        ],
        true,
      ),
    ),
  play: ({ canvasElement }) => waitForText(() => find(canvasElement, 'campaign-list[system=flow]'), /no system "flow"/),
};
