/** The history of a campaign in `campaign-header` and `recovery-guide`. */
import { expect, html } from '@open-wc/testing';
import '../../src/elements/campaign-header/define.ts';
import type { CampaignHeader } from '../../src/elements/campaign-header/campaign-header.ts';
import '../../src/elements/recovery-guide/define.ts';
import { historyChunk } from '../../src/elements/shared/history/history-chunk.ts';
import type { HistoryEntryView, HistoryView } from '../../src/store/index.ts';
import { axNode, axOf, click, emulate, focused, nextFrame, press, setViewport, until } from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { renderWithStore } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';

const ref = { system: 'flows', id: 'spring' };
const at = Date.parse('2026-03-01T11:02:00Z');

function within<E extends Element = HTMLElement>(element: Element, selector: string): E {
  const found = element.shadowRoot!.querySelector<E>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}
const all = (element: Element, selector: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
const plain = ({ textContent }: Element) => textContent.replace(/\s+/g, ' ').trim();
const entriesOf = (element: Element) => all(element, '[part=history-entry]').map(plain);
const button = (element: Element) => within(element, '[part=history-button]');

const moves = (count: number, from = count): HistoryEntryView[] =>
  Array.from({ length: count }, (_, index) => ({
    status: index % 2 ? 'inactive' : 'active',
    at: at + (from - index) * 60_000,
    action: index % 2 ? 'stop' : 'start',
    changedBy: 'Lifecycle team',
  }));
const loaded = (entries: readonly HistoryEntryView[], more = false): HistoryView => ({
  entries,
  more,
  state: 'loaded',
});

describe('history', () => {
  let store: StubStore;

  beforeEach(() => {
    store = new StubStore();
    store.show(ref, { status: 'error', name: 'Spring sale', message: 'Channel Email is not running.', missing: [] });
    store.setHistory(ref, loaded(moves(3)));
  });

  async function shown(open = true): Promise<CampaignHeader> {
    const host = await renderWithStore(
      store,
      html`<campaign-header system="flows" campaign-id="spring" ?history-open=${open}></campaign-header>`,
    );
    const header = host.querySelector('campaign-header')!;
    await settled(header);
    return header;
  }

  async function settled(header: CampaignHeader): Promise<void> {
    await header.updateComplete;
    if (header.historyOpen) await historyChunk.load();
    await nextFrame();
    await header.updateComplete;
  }

  describe('accessibility', () => {
    it('passes axe in every state, closed and open', async () => {
      await expectAccessible(await shown(false));
      const header = await shown();
      for (const view of [
        loaded(moves(3), true),
        loaded([{ status: 'error', at, message: 'long '.repeat(300) }]),
        loaded([]),
        { ...loaded([]), state: 'loading' },
        { ...loaded([]), state: 'lost' },
        { ...loaded([]), state: 'unsupported' },
      ] as const) {
        store.setHistory(ref, view);
        await settled(header);
        await expectAccessible(header);
      }
    });

    it('is opened by a button that names it, and is a list', async () => {
      const header = await shown(false);
      expect((await axNode({ role: 'button', name: 'Show history' })).states['expanded']).to.equal(false);
      await click(button(header));
      await settled(header);
      expect((await axOf(button(header)))?.states['expanded']).to.equal(true);
      await axNode({ role: 'list', name: 'History, newest first' });
      expect(all(header, 'time').map((time) => time.getAttribute('datetime'))[0]).to.equal('2026-03-01T11:05:00.000Z');
    });

    it('announces nothing', async () => {
      const host = await renderWithStore(
        store,
        html`<campaign-header system="flows" campaign-id="spring" history-open></campaign-header>`,
      );
      const header = host.querySelector('campaign-header')!;
      await settled(header);
      store.setHistory(ref, loaded(moves(4)));
      await settled(header);
      expect(host.announced).to.deep.equal([]);
      expect(all(header, '.history [aria-live]')).to.have.length(0);
    });
  });

  describe('defaults and reflection', () => {
    it('is closed by default; its attribute and methods open and close it', async () => {
      const header = await shown(false);
      expect([header.historyOpen, header.hasAttribute('history-open')]).to.deep.equal([false, false]);
      header.openHistory();
      await settled(header);
      expect(header.hasAttribute('history-open')).to.equal(true);
      expect(entriesOf(header)).to.have.length(3);
      header.closeHistory();
      await settled(header);
      expect(within(header, '#history').checkVisibility()).to.equal(false);
    });

    it('reads nothing until it is opened, and nothing after it was closed', async () => {
      const header = await shown(false);
      expect(store.observers('history')).to.equal(0);
      await click(button(header));
      await settled(header);
      expect(store.observers('history')).to.equal(1);
      await click(button(header));
      await settled(header);
      expect(store.observers('history')).to.equal(0);
    });

    it('is absent where the adapter has none', async () => {
      store.setHistory(ref, { entries: [], more: false, state: 'unsupported' });
      const header = await shown(false);
      expect(all(header, '[part=history-button], [part=history]')).to.have.length(0);
    });
  });

  describe('entries', () => {
    it('say who or what moved the campaign, when, and with which message', async () => {
      store.setHistory(
        ref,
        loaded([
          { status: 'error', at: at + 3, message: 'Channel Email is not running.' },
          { status: 'active', at: at + 2, action: 'start', changedBy: 'Lifecycle team' },
          { status: 'inactive', at: at + 1, changedBy: 'Scheduler', message: 'Outside of its period' },
          { status: 'active', at, action: 'start' },
        ]),
      );
      const [error, started, stopped, first] = entriesOf(await shown());
      expect(error).to.match(/^Error by the engine .+ Channel Email is not running\.$/);
      expect(started).to.match(/^Active Start, by Lifecycle team/);
      expect(stopped).to.match(/^Inactive by Scheduler .+ Outside of its period$/);
      expect(first).to.match(/^Active Start /);
    });

    it('fold equal errors in a row, with their number and since when', async () => {
      const errors = Array.from({ length: 14 }, (_, index) => ({
        status: 'error',
        at: at + (13 - index) * 60_000,
        message: 'Channel Email is not running.',
      }));
      store.setHistory(ref, loaded([...errors, ...moves(1, 0)]));
      const header = await shown();
      expect(entriesOf(header)).to.have.length(2);
      expect(plain(within(header, '.entry-times'))).to.match(/^14 times since .*:02/);
    });

    it('of an unknown status show its word; text from outside stays text', async () => {
      store.setHistory(ref, loaded([{ status: '<b>x', at, changedBy: 'a\u202eb', message: '<img src=x>\n\u202er' }]));
      const header = await shown();
      expect(entriesOf(header)[0]).to.contain('<b>x').and.to.contain('a[U+202E]b');
      expect(within(header, '.entry-message').textContent).to.equal('<img src=x>\n[U+202E]r');
      expect(all(header, '.history img, .history b')).to.have.length(0);
    });

    it('come in at the top while it is open; the others keep their nodes', async () => {
      const header = await shown();
      const [first] = all(header, '[part=history-entry]');
      store.setHistory(ref, loaded([{ status: 'error', at: at + 900_000 }, ...moves(3)]));
      await settled(header);
      expect(all(header, '[part=history-entry]')[1] === first, 'same element').to.equal(true);
    });
  });

  describe('states', () => {
    const noticeOf = async (view: HistoryView): Promise<string> => {
      store.setHistory(ref, view);
      return plain(within(await shown(), '.history'));
    };

    it('shows loading and empty', async () => {
      expect(await noticeOf({ entries: [], more: false, state: 'loading' })).to.equal('Loading history…');
      expect(await noticeOf(loaded([]))).to.equal('Nothing has happened yet.');
    });

    it('shows a failure, with its entries if it has any, and reads again by Try again', async () => {
      expect(await noticeOf({ entries: [], more: false, state: 'lost' })).to.contain('could not be read.');
      store.setHistory(ref, { ...loaded(moves(2)), state: 'lost' });
      const header = await shown();
      expect(plain(within(header, '.history'))).to.contain('It may be out of date.');
      expect(entriesOf(header)).to.have.length(2);
      store.setHistory(ref, loaded(moves(3)));
      await settled(header);
      expect(all(header, '[part=history-retry]')).to.have.length(0);
      store.setHistory(ref, { ...loaded(moves(3)), state: 'lost' });
      await settled(header);
      const [before, present] = [store.observed('history'), store.observers('history')];
      await click(within(header, '[part=history-retry]'));
      await settled(header);
      expect(store.observed('history')).to.equal(before + 1);
      expect(store.observers('history')).to.equal(present);
    });

    it('says so when a backend turns out to keep none, and keeps its button', async () => {
      const header = await shown();
      store.setHistory(ref, { entries: [], more: false, state: 'unsupported' });
      await settled(header);
      expect(plain(within(header, '.history'))).to.equal('The backend keeps no history of this campaign.');
      expect(button(header).checkVisibility()).to.equal(true);
    });
  });

  describe('keyboard', () => {
    it('opens by Enter, and shows more page by page; the focus goes to the first new entry', async () => {
      store.setHistory(ref, loaded(moves(20, 60), true));
      store.setHistory(ref, { entries: [], more: false, state: 'loading' }, 40);
      const header = await shown(false);
      button(header).focus();
      await press('Enter');
      await settled(header);
      expect(entriesOf(header)).to.have.length(20);
      const more = within(header, '[part=history-more]');
      more.focus();
      await press('Enter');
      await settled(header);
      expect(entriesOf(header), 'while more is read').to.have.length(20);
      expect(more.getAttribute('aria-disabled')).to.equal('true');
      store.setHistory(ref, loaded(moves(40, 60)), 40);
      await until(() => entriesOf(header).length === 40);
      await settled(header);
      expect(all(header, '[part=history-more]')).to.have.length(0);
      expect(focused() === all(header, '[part=history-entry]')[20], 'focus').to.equal(true);
    });
  });

  describe('life cycle', () => {
    it('starts over with another campaign', async () => {
      const other = { system: 'flows', id: 'other' };
      store.show(other, { status: 'active', name: 'Other' });
      store.setHistory(other, loaded([{ status: 'active', at, changedBy: 'Scheduler' }]));
      const header = await shown();
      header.campaignId = 'other';
      await settled(header);
      expect(entriesOf(header)).to.have.length(1);
      expect(store.observers('history')).to.equal(1);
    });

    it('works after it was moved, and leaves nothing behind when it is removed', async () => {
      const header = await shown();
      const parent = header.parentNode!;
      for (let round = 0; round < 50; round++) {
        header.remove();
        parent.append(header);
      }
      await settled(header);
      expect(entriesOf(header)).to.have.length(3);
      expect(store.observers('history')).to.equal(1);
      header.remove();
      expect(store.observers()).to.equal(0);
    });
  });

  describe('size and look', () => {
    it('fits into 320 px, right to left, with targets of 24 px', async () => {
      await setViewport(320, 600);
      store.setHistory(ref, loaded([{ status: 'error', at, message: 'x'.repeat(300) }, ...moves(3, 0)], true));
      const header = await shown();
      header.dir = 'rtl';
      await settled(header);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      for (const control of all(header, '.history button'))
        expect(control.getBoundingClientRect().height).to.be.at.least(24);
    });

    it('keeps its signs in forced colours', async () => {
      await emulate({ forcedColors: 'active' });
      const header = await shown();
      expect(getComputedStyle(within(header, '.entry-sign svg')).color).to.equal(getComputedStyle(header).color);
    });
  });

  it('stands in the recovery guide, too', async () => {
    const host = await renderWithStore(
      store,
      html`<recovery-guide system="flows" campaign-id="spring"></recovery-guide>`,
    );
    const guide = host.querySelector('recovery-guide')!;
    await guide.updateComplete;
    expect(store.observers('history')).to.equal(0);
    await click(button(guide));
    await until(() => entriesOf(guide).length === 3);
    await expectAccessible(guide);
  });
});
