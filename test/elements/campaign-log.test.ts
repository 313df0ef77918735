import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import '../../src/elements/campaign-log/define.ts';
import type { CampaignLog } from '../../src/elements/campaign-log/campaign-log.ts';
import '../../src/provider/define.ts';
import { logView } from '../../src/store/data/log-lines.ts';
import { createCampaignStore, type LogEntryView, type LogView } from '../../src/store/index.ts';
import {
  axNode,
  axOf,
  click,
  emulate,
  focused,
  forbidCopying,
  nextFrame,
  press,
  seen,
  setViewport,
  until,
} from '../support/browser.ts';
import { expectAccessible } from '../support/elements/axe.ts';
import { mailings } from '../support/elements/six-statuses.ts';
import { StubStore } from '../support/elements/stub-store.ts';

const ref = { system: 'python', id: 'spring' };
const at = Date.parse('2026-03-01T12:00:00Z');

function lines(count: number, from = 0): LogEntryView[] {
  return Array.from({ length: count }, (_, index) => ({
    text: `line ${from + index}`,
    at: at + from + index,
    level: 'info' as const,
  }));
}

async function shown(
  store: StubStore,
  template = html`<campaign-log system="python" campaign-id="spring" .store=${store}></campaign-log>`,
) {
  const log = await fixture<CampaignLog>(template);
  await nextFrame();
  return log;
}

function within<E extends Element = HTMLElement>(log: CampaignLog, selector: string): E {
  const found = log.shadowRoot!.querySelector<E>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}
const all = (log: CampaignLog, selector: string) => [...log.shadowRoot!.querySelectorAll<HTMLElement>(selector)];
/** Presses a key until it had its effect: while the browser scrolls, or is busy, it ignores some. */
const pressUntil = async (key: string, condition: () => boolean): Promise<void> => {
  for (let presses = 0; !condition(); presses++) {
    if (presses === 20) throw new Error(`${key} had no effect`);
    await press(key);
    for (let waited = 0; waited < 1000 && !condition(); waited += 50) await aTimeout(50);
  }
};
const scroller = (log: CampaignLog) => within(log, '[part=lines]');
const texts = (log: CampaignLog) => all(log, '.line .text').map(({ textContent }) => textContent);
const box = (log: CampaignLog, label: string) =>
  all(log, 'label')
    .find(({ textContent }) => textContent?.includes(label))!
    .querySelector('input')!;
const isAtEnd = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => scrollHeight - scrollTop - clientHeight < 2;

/** Scrolls up by this many pixels, as a user does. */
async function scrollUp(log: CampaignLog, by: number): Promise<void> {
  scroller(log).scrollTop -= by;
  await nextFrame();
  await log.updateComplete;
}

describe('campaign-log', () => {
  let store: StubStore;
  let entries: LogEntryView[];

  beforeEach(() => {
    store = new StubStore(mailings);
    store.show(ref, { status: 'running', name: 'Spring sale' });
    entries = lines(200);
    store.write(ref, { entries, dropped: 0, state: 'live' });
  });

  function append(count: number): void {
    entries = [...entries, ...lines(count, entries.length)];
    store.write(ref, { entries, dropped: 0, state: 'live' });
  }

  describe('accessibility', () => {
    it('passes axe in every state', async () => {
      // Only as many as are visible: axe can't determine the contrast of text that is scrolled away.
      store.write(ref, { entries: lines(5), dropped: 0, state: 'live' });
      const log = await shown(store);
      await expectAccessible(log);
      for (const state of ['loading', 'lost', 'unsupported', 'live'] as const) {
        store.write(ref, { entries: [], dropped: 0, state });
        await log.updateComplete;
        await expectAccessible(log);
      }
    });

    it('O1: is a focusable, named log that announces nothing', async () => {
      const log = await shown(store);
      const node = await axOf(scroller(log));
      expect(node?.role).to.equal('log');
      expect(node?.name).to.equal('Engine log of Spring sale');
      expect(node?.states['live'] ?? 'off').to.equal('off');
      expect(node?.states['focusable']).to.equal(true);
    });

    it('isolates the direction of a name in its label', async () => {
      store.show(ref, { status: 'running', name: 'a\u202eb' });
      const node = await axOf(scroller(await shown(store)));
      expect(node?.name).to.equal('Engine log of a[U+202E]b');
    });

    it('shows a level as a word, and a time that machines can read', async () => {
      store.write(ref, {
        entries: (['debug', 'info', 'warning', 'error'] as const).map((level) => ({ text: level, at, level })),
        dropped: 0,
        state: 'live',
      });
      const log = await shown(store);
      expect(all(log, '.level').map(({ textContent }) => textContent?.trim())).to.deep.equal([
        'Debug',
        'Info',
        'Warning',
        'Error',
      ]);
      expect(new Set(all(log, '.level path').map((path) => path.getAttribute('d'))).size).to.equal(4);
      expect(all(log, 'time').map((time) => time.getAttribute('datetime'))).to.deep.equal(
        Array(4).fill('2026-03-01T12:00:00.000Z'),
      );
    });

    it('names its check boxes and buttons', async () => {
      await shown(store);
      await axNode({ role: 'checkbox', name: 'Wrap lines' });
      await axNode({ role: 'checkbox', name: 'Read new lines aloud' });
      await axNode({ role: 'searchbox', name: 'Search the log' });
      await axNode({ role: 'combobox', name: 'Level' });
      await axNode({ role: 'button', name: 'Copy all' });
      await axNode({ role: 'button', name: 'Download' });
    });
  });

  describe('defaults and reflection', () => {
    it('has the documented defaults, and reflects what a user may change', async () => {
      const log = await shown(store);
      expect([log.search, log.level, log.nowrap, log.listen, log.following]).to.deep.equal([
        '',
        '',
        false,
        false,
        true,
      ]);
      await click(box(log, 'Wrap'));
      await click(box(log, 'aloud'));
      expect([log.hasAttribute('nowrap'), log.hasAttribute('listen')]).to.deep.equal([true, true]);
    });

    it('shows what is missing instead of throwing', async () => {
      const problemOf = async (template: ReturnType<typeof html>) =>
        within(await fixture<CampaignLog>(template), '[part=problem]').textContent;
      expect(await problemOf(html`<campaign-log></campaign-log>`)).to.contain('campaign-id');
      expect(await problemOf(html`<campaign-log system="python" campaign-id="x"></campaign-log>`)).to.contain(
        'campaign-provider',
      );
      expect(
        await problemOf(html`<campaign-log system="nope" campaign-id="x" .store=${store}></campaign-log>`),
      ).to.contain('"nope"');
    });

    it('shows the campaign that its properties name', async () => {
      store.write({ system: 'python', id: 'other' }, { entries: [{ text: 'other' }], dropped: 0, state: 'live' });
      const log = await shown(store);
      log.campaignId = 'other';
      await log.updateComplete;
      expect(texts(log)).to.deep.equal(['other']);
    });

    it('starts at the end of another campaign’s log, wherever the user had scrolled before', async () => {
      store.write({ system: 'python', id: 'other' }, { entries: lines(300), dropped: 0, state: 'live' });
      const log = await shown(store);
      await scrollUp(log, 500);
      expect(log.following).to.equal(false);
      log.campaignId = 'other';
      await log.updateComplete;
      expect(log.following).to.equal(true);
      expect(all(log, '[part=latest]')).to.have.length(0);
      expect(isAtEnd(scroller(log))).to.equal(true);
    });
  });

  describe('events', () => {
    it('dispatches no event of the kit', async () => {
      const log = await shown(store);
      const received: string[] = [];
      for (const name of ['campaign-action', 'campaign-outcome', 'campaign-navigate', 'campaign-query', 'change'])
        log.addEventListener(name, () => received.push(name));
      await click(box(log, 'Wrap'));
      await scrollUp(log, 500);
      await click(within(log, '[part=latest]'));
      await log.copyAll();
      expect(received).to.deep.equal([]);
    });
  });

  describe('slots', () => {
    it('has none: slotted content is not shown', async () => {
      const log = await shown(
        store,
        html`<campaign-log system="python" campaign-id="spring" .store=${store}><p>not shown</p></campaign-log>`,
      );
      expect(log.querySelector('p')!.checkVisibility()).to.equal(false);
    });
  });

  describe('parts', () => {
    it('has the documented parts', async () => {
      const log = await shown(store);
      store.write(ref, { entries: lines(200), dropped: 3, state: 'lost' });
      await scrollUp(log, 300);
      log.search = 'line';
      await log.updateComplete;
      for (const part of ['log', 'toolbar', 'count', 'search', 'search-input', 'search-clear', 'level-filter', 'copy'])
        within(log, `[part~=${part}]`);
      for (const part of ['download', 'lines', 'line', 'notice', 'latest']) within(log, `[part~=${part}]`);
    });
  });

  describe('keyboard', () => {
    it('O2: keys scroll, stop following, and follow again at the end', async () => {
      const log = await shown(store);
      scroller(log).focus();
      await pressUntil('Home', () => !log.following);
      await pressUntil('End', () => log.following);
    });

    it('keeps the focus when the button to the latest line is removed', async () => {
      const log = await shown(store);
      await scrollUp(log, 500);
      within(log, '[part=latest]').focus();
      await press('Enter');
      await until(() => log.following);
      await log.updateComplete;
      expect(focused() === scroller(log), 'focus').to.equal(true);
      expect(isAtEnd(scroller(log))).to.equal(true);
    });
  });

  describe('life cycle', () => {
    it('works after it was moved, removed and put back', async () => {
      const log = await shown(store);
      const place = document.createElement('div');
      document.body.append(place);
      place.append(log);
      append(1);
      await nextFrame();
      expect(texts(log).at(-1)).to.equal('line 200');
      expect(isAtEnd(scroller(log))).to.equal(true);
      log.remove();
      append(1);
      expect(store.observers()).to.equal(0);
      place.append(log);
      await nextFrame();
      expect(texts(log).at(-1)).to.equal('line 201');
      expect(isAtEnd(scroller(log))).to.equal(true);
      expect(store.observers('log')).to.equal(1);
      place.remove();
    });

    it('leaves nothing behind after a hundred connects', async () => {
      const log = await shown(store);
      for (let round = 0; round < 100; round++) {
        const parent = log.parentNode!;
        log.remove();
        parent.append(log);
      }
      await log.updateComplete;
      expect(store.observers('log')).to.equal(1);
      log.remove();
      expect(store.observers()).to.equal(0);
    });
  });

  describe('states', () => {
    const stateText = async (state: LogView['state']) => {
      store.write(ref, { entries: [], dropped: 0, state });
      const log = await shown(store);
      return log.shadowRoot!.textContent;
    };

    it('shows loading, empty, interrupted and unsupported', async () => {
      expect(await stateText('loading')).to.contain('Loading log');
      expect(await stateText('live')).to.contain('Nothing has been logged');
      expect(await stateText('lost')).to.contain('interrupted');
      expect(await stateText('unsupported')).to.contain('keeps no engine log');
    });

    it('keeps its lines while interrupted', async () => {
      const log = await shown(store);
      store.write(ref, { entries, dropped: 0, state: 'lost' });
      await log.updateComplete;
      expect(texts(log).at(-1)).to.equal('line 199');
      expect(log.matches(':state(lost)')).to.equal(true);
    });

    it('keeps its height whatever it contains', async () => {
      store.write(ref, { entries: [], dropped: 0, state: 'loading' });
      const log = await shown(store);
      const { height } = log.getBoundingClientRect();
      store.write(ref, { entries, dropped: 0, state: 'live' });
      await nextFrame();
      expect(log.getBoundingClientRect().height).to.equal(height);
    });
  });

  describe('O1: announcements', () => {
    it('announces nothing unless the user asks for it, and then only while following', async () => {
      const log = await shown(store);
      const live = () => scroller(log).getAttribute('aria-live');
      expect(live()).to.equal('off');
      await click(box(log, 'aloud'));
      expect(live()).to.equal('polite');
      await scrollUp(log, 300);
      expect(live()).to.equal('off');
      log.jumpToLatest();
      await log.updateComplete;
      expect(live()).to.equal('polite');
    });

    it('never announces through the provider, at a thousand lines a second', async () => {
      const provider = await fixture(
        html`<campaign-provider .store=${store}
          ><campaign-log system="python" campaign-id="spring"></campaign-log
        ></campaign-provider>`,
      );
      const region = document.querySelector('[role=status]')!;
      let spoken = 0;
      const observer = new MutationObserver((records) => (spoken += records.length));
      observer.observe(region, { childList: true, characterData: true, subtree: true });
      for (let i = 0; i < 50; i++) {
        append(20);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      observer.disconnect();
      expect(spoken).to.equal(0);
      expect(provider.querySelector('campaign-log')!.shadowRoot!.querySelectorAll('[aria-live=polite]')).to.have.length(
        0,
      );
    });
  });

  describe('O2: following', () => {
    it('stays at the end while it is at the end', async () => {
      const log = await shown(store);
      expect(isAtEnd(scroller(log))).to.equal(true);
      append(50);
      await nextFrame();
      expect(isAtEnd(scroller(log))).to.equal(true);
      expect(all(log, '[part=latest]')).to.have.length(0);
      expect(log.matches(':state(following)')).to.equal(true);
    });

    it('stays at the end when it gets narrower or shorter', async () => {
      const log = await shown(store);
      log.style.setProperty('--campaign-log-size', '120px');
      await nextFrame();
      await nextFrame();
      expect(isAtEnd(scroller(log))).to.equal(true);
      expect(log.following).to.equal(true);
    });

    it('stops following when the user scrolls up, counts new lines, and can jump to them', async () => {
      const log = await shown(store);
      await scrollUp(log, 400);
      const { scrollTop } = scroller(log);
      const top = all(log, '.line').find(
        (line) => line.getBoundingClientRect().top >= scroller(log).getBoundingClientRect().top,
      );
      const y = top!.getBoundingClientRect().top;
      for (let i = 0; i < 37; i++) append(1);
      await nextFrame();
      expect(scroller(log).scrollTop).to.equal(scrollTop);
      expect(top!.getBoundingClientRect().top).to.equal(y);
      const button = within(log, '[part=latest]');
      expect(button.textContent?.trim()).to.equal('Jump to latest (37 new)');
      await click(button);
      await until(() => log.following);
      await log.updateComplete;
      expect(isAtEnd(scroller(log))).to.equal(true);
      expect(texts(log).at(-1)).to.equal('line 236');
    });

    it('follows again when the user scrolls to the end', async () => {
      const log = await shown(store);
      await scrollUp(log, 400);
      expect(log.following).to.equal(false);
      scroller(log).scrollTop = scroller(log).scrollHeight;
      await until(() => log.following);
    });

    it('does not scroll when the visible lines are dropped', async () => {
      const log = await shown(store);
      await scrollUp(log, 2_000);
      const { scrollTop } = scroller(log);
      const before = texts(log);
      entries = [...entries, ...lines(6_000, entries.length)].slice(-5_000);
      store.write(ref, { entries, dropped: 1_200, state: 'live' });
      await nextFrame();
      expect(scroller(log).scrollTop).to.equal(scrollTop);
      expect(texts(log)).to.deep.equal(before);
      expect(within(log, '[part=latest]').textContent).to.contain('6,000 new');
    });

    it('does not scroll when a reconnect reads the same log again', async () => {
      const log = await shown(store);
      await scrollUp(log, 2_000);
      const { scrollTop } = scroller(log);
      store.write(ref, { entries: lines(210), dropped: 0, state: 'live' });
      await nextFrame();
      expect(log.following).to.equal(false);
      expect(scroller(log).scrollTop).to.equal(scrollTop);
      expect(within(log, '[part=count]').textContent).to.equal('210 lines');
    });
  });

  describe('O2: bounds', () => {
    const LONG = 100_000;
    const MOST = 200;
    const long = (): void => {
      entries = lines(LONG);
      store.write(ref, { entries, dropped: 0, state: 'live' });
    };
    /** Scrolls there, and waits until the lines there are rendered and in place. */
    const scrollTo = async (log: CampaignLog, top: number): Promise<void> => {
      scroller(log).scrollTop = top;
      await aTimeout(300);
      await nextFrame();
    };
    /** The texts of the lines of which something is visible. */
    const visible = (log: CampaignLog): string[] => {
      const view = scroller(log).getBoundingClientRect();
      return all(log, '.line')
        .filter((line) => {
          const { top, bottom } = line.getBoundingClientRect();
          return bottom > view.top + 8 && top < view.bottom - 8;
        })
        .map((line) => line.querySelector('.text')!.textContent);
    };
    const isBlank = (log: CampaignLog): boolean => {
      const view = scroller(log).getBoundingClientRect();
      const rendered = within(log, '.rendered').getBoundingClientRect();
      return rendered.top > view.top + 10 || rendered.bottom < view.bottom - 10;
    };

    it('has a bounded number of lines on the page, wherever it is scrolled to', async () => {
      long();
      const log = await shown(store);
      expect(texts(log).length).to.be.within(20, MOST);
      expect(texts(log).at(-1)).to.equal('line 99999');
      const { scrollHeight } = scroller(log);
      for (const part of [0.5, 0.3, 0.31, 0.9, 0]) {
        await scrollTo(log, part * scrollHeight);
        expect(all(log, '.line').length).to.be.at.most(MOST);
        expect(isBlank(log), `blank at ${part}`).to.equal(false);
        const first = Number(visible(log)[0]!.split(' ')[1]);
        expect(first, `first line at ${part}`).to.be.closeTo(part * LONG, 300);
      }
      expect(visible(log)[0]).to.equal('line 0');
    });

    it('reaches every line by small steps, in order and without a jump', async () => {
      entries = Array.from({ length: 400 }, (_, index) => ({
        text: `line ${index} ${'word '.repeat((index * 7) % 90)}`,
      }));
      store.write(ref, { entries, dropped: 0, state: 'live' });
      const log = await shown(store);
      const numbers = (): number[] => visible(log).map((text) => Number(text.split(' ')[1]));
      let top = numbers()[0]!;
      for (let step = 0; top > 0; step++) {
        expect(step).to.be.lessThan(1000);
        scroller(log).scrollTop -= 150;
        await nextFrame();
        const seen = numbers();
        expect(isBlank(log), `blank at ${top}`).to.equal(false);
        // What was at the top is still there, or just below.
        expect(seen[0]).to.be.at.most(top);
        expect(seen.at(-1)).to.be.at.least(top - 1);
        top = seen[0]!;
      }
      await aTimeout(200);
      expect(scroller(log).scrollTop).to.be.at.most(150);
    });

    it('moves nothing that is read when scrolling has settled', async () => {
      entries = Array.from({ length: 5_000 }, (_, index) => ({
        text: `line ${index} ${'word '.repeat((index * 7) % 90)}`,
      }));
      store.write(ref, { entries, dropped: 0, state: 'live' });
      const log = await shown(store);
      await scrollTo(log, scroller(log).scrollHeight / 2);
      scroller(log).scrollTop -= 700;
      await nextFrame();
      const [text] = visible(log).slice(2);
      const y = () =>
        all(log, '.line')
          .find((line) => line.textContent?.includes(`${text}`))!
          .getBoundingClientRect().top;
      const before = y();
      await aTimeout(300);
      await nextFrame();
      expect(y()).to.be.closeTo(before, 1);
    });

    it('keeps the first visible line when it gets narrower, and its text larger', async () => {
      entries = Array.from({ length: 3_000 }, (_, index) => ({
        text: `line ${index} ${'word '.repeat((index * 7) % 30)}`,
      }));
      store.write(ref, { entries, dropped: 0, state: 'live' });
      const log = await shown(store);
      await scrollTo(log, scroller(log).scrollHeight / 2);
      const [first] = visible(log);
      log.style.inlineSize = '360px';
      await nextFrame();
      await nextFrame();
      expect(visible(log)).to.contain(first);
      log.style.setProperty('--campaign-font-size', '26px');
      await nextFrame();
      await nextFrame();
      expect(visible(log)).to.contain(first);
      expect(isBlank(log)).to.equal(false);
    });

    it('shows every line of a log that is taller than a box can be', async () => {
      entries = Array.from({ length: LONG }, (_, index) => ({ text: `line ${index}\n${'\n'.repeat(20)}` }));
      store.write(ref, { entries, dropped: 0, state: 'live' });
      const log = await shown(store);
      expect(scroller(log).scrollHeight).to.be.at.most(17_000_000);
      expect(visible(log).at(-1)).to.contain('line 99999');
      await scrollTo(log, scroller(log).scrollHeight / 2);
      expect(isBlank(log)).to.equal(false);
      expect(Number(visible(log)[0]!.split(/\s/)[1])).to.be.closeTo(LONG / 2, 300);
      await scrollTo(log, 0);
      expect(visible(log)[0]).to.contain('line 0');
      log.jumpToLatest();
      await log.updateComplete;
      expect(visible(log).at(-1)).to.contain('line 99999');
    });

    it('says how many older lines are no longer kept, above the first one', async () => {
      store.write(ref, { entries, dropped: 40, state: 'live' });
      const log = await shown(store);
      expect(all(log, '.missing')).to.have.length(0);
      await scrollTo(log, 0);
      expect(within(log, '.missing').textContent.trim()).to.equal('40 older lines are no longer kept');
    });

    it('renders a line once, however many follow', async () => {
      const log = await shown(store);
      const last = all(log, '.line').at(-1)!;
      let touched = 0;
      const observer = new MutationObserver((records) => (touched += records.length));
      for (const line of all(log, '.line'))
        observer.observe(line, { subtree: true, childList: true, characterData: true, attributes: true });
      append(7);
      await log.updateComplete;
      touched += observer.takeRecords().length;
      observer.disconnect();
      expect(touched).to.equal(0);
      expect(all(log, '.line').at(-8) === last, 'same element').to.equal(true);
    });

    it('reads only lines that are new or visible when a line comes', async () => {
      long();
      const log = await shown(store);
      let reads = 0;
      const view = (count: number): LogView => {
        const written = logView({ entries: lines(count), dropped: 0, state: 'live' });
        return {
          ...written,
          at: (index) => {
            reads++;
            return written.at(index);
          },
          get entries(): never {
            throw new Error('all entries were read');
          },
        };
      };
      log.level = 'info';
      store.writeView(ref, view(LONG));
      await until(() => within(log, '[part=count]').textContent === '100,000 of 100,000 lines');
      const next = view(LONG + 1);
      reads = 0;
      store.writeView(ref, next);
      await log.updateComplete;
      expect(reads).to.be.lessThan(2 * MOST);
    });

    it('stays responsive at a thousand lines a second', async () => {
      long();
      const log = await shown(store);
      const costs: number[] = [];
      for (let frame = 0; frame < 60; frame++) {
        entries.push(...lines(17, entries.length));
        const written = { entries: [...entries], dropped: 0, state: 'live' as const };
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const before = performance.now();
        store.write(ref, written);
        await log.updateComplete;
        expect(isAtEnd(scroller(log))).to.equal(true);
        costs.push(performance.now() - before);
      }
      costs.sort((a, b) => a - b);
      // All frames cost the same. The cheaper ones contain no other work of the machine.
      expect(costs[10], 'ms for the lines of a frame').to.be.lessThan(16);
      expect(texts(log).at(-1)).to.equal(`line ${entries.length - 1}`);
    });

    it('prints the latest 1,000 lines, and says how many it leaves out', async () => {
      entries = lines(1_500);
      store.write(ref, { entries, dropped: 0, state: 'live' });
      const log = await shown(store);
      await emulate({ media: 'print' });
      try {
        await until(() => texts(log).length === 1_000);
        expect(within(log, '.missing').textContent.trim()).to.equal('500 older lines are not printed.');
        expect(scroller(log).clientHeight).to.be.greaterThan(15_000);
      } finally {
        await emulate({ media: 'screen' });
      }
      await until(() => texts(log).length < MOST);
      expect(isAtEnd(scroller(log))).to.equal(true);
    });
  });

  describe('search and level', () => {
    const mixed = (count: number): LogEntryView[] =>
      Array.from({ length: count }, (_, index) => ({
        text: index % 1000 === 7 ? `Café ${index} is closed` : `line ${index}`,
        ...(index % 10 === 9 ? {} : { level: index % 100 === 7 ? 'error' : index % 2 ? 'warning' : 'info' }),
      }));
    const field = (log: CampaignLog) => within<HTMLInputElement>(log, '[part=search-input]');
    const select = (log: CampaignLog) => within<HTMLSelectElement>(log, '[part=level-filter] select');
    const count = (log: CampaignLog) => within(log, '[part=count]').textContent;
    const type = async (log: CampaignLog, value: string): Promise<void> => {
      field(log).value = value;
      field(log).dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      await log.updateComplete;
    };
    const choose = async (log: CampaignLog, value: string): Promise<void> => {
      select(log).value = value;
      select(log).dispatchEvent(new Event('change'));
      await log.updateComplete;
    };
    const write = (count: number): void => {
      entries = mixed(count);
      store.write(ref, { entries, dropped: 0, state: 'live' });
    };

    it('finds lines that are not on the page, without regard to case and accents, the latest ones first', async () => {
      write(20_000);
      const log = await shown(store);
      await type(log, 'CAFE');
      await until(() => count(log) === '20 of 20,000 lines');
      expect(texts(log)).to.have.length(20);
      expect(texts(log).at(-1)).to.equal('Café 19007 is closed');
      expect(log.search).to.equal('CAFE');
    });

    it('adds new lines that match, and leaves out others', async () => {
      write(2_000);
      const log = await shown(store);
      await type(log, 'closed');
      await until(() => count(log) === '2 of 2,000 lines');
      entries = [...entries, ...lines(3, 2_000), { text: 'closed again' }];
      store.write(ref, { entries, dropped: 0, state: 'live' });
      await log.updateComplete;
      expect(texts(log)).to.deep.equal(['Café 7 is closed', 'Café 1007 is closed', 'closed again']);
    });

    it('shows lines of a level and the more severe ones', async () => {
      write(1_000);
      const log = await shown(store);
      await choose(log, 'error');
      await until(() => count(log) === '10 of 1,000 lines');
      expect(all(log, '.line').every((line) => line.dataset['level'] === 'error')).to.equal(true);
      await choose(log, 'warning');
      await until(() => count(log) === '400 of 1,000 lines');
      await choose(log, 'info');
      await until(() => count(log) === '900 of 1,000 lines');
      await choose(log, '');
      expect(count(log)).to.equal('1,000 lines');
    });

    it('takes search and level from the host, and any other level as none', async () => {
      write(1_000);
      const log = await shown(
        store,
        html`<campaign-log
          system="python"
          campaign-id="spring"
          level="error"
          search="cafe"
          .store=${store}
        ></campaign-log>`,
      );
      await until(() => count(log) === '1 of 1,000 lines');
      expect([select(log).value, field(log).value]).to.deep.equal(['error', 'cafe']);
      log.setAttribute('level', 'fatal');
      log.search = '';
      await log.updateComplete;
      expect([log.level, select(log).value, count(log)]).to.deep.equal(['', '', '1,000 lines']);
    });

    it('keeps the line that is read when a filter is set and taken back', async () => {
      write(20_000);
      const log = await shown(store);
      const top = () => {
        const edge = scroller(log).getBoundingClientRect().top + 8;
        const line = all(log, '.line').find((one) => one.getBoundingClientRect().bottom > edge)!;
        return Number(/\d+/.exec(line.querySelector('.text')!.textContent)![0]);
      };
      // It follows its end until the browser has told it of the scroll.
      await until(() => {
        scroller(log).scrollTop = scroller(log).scrollHeight / 2;
        return top() < 15_000;
      });
      await aTimeout(300);
      const before = top();
      await choose(log, 'warning');
      await until(() => count(log)?.includes(' of ') === true);
      await until(
        () => Math.abs(top() - before) <= 3,
        () => `line ${before}, not ${top()}`,
      );
      await choose(log, '');
      await until(
        () => Math.abs(top() - before) <= 3,
        () => `line ${before}, not ${top()}`,
      );
    });

    it('says so when no line matches, and shows all again', async () => {
      const log = await shown(store);
      await type(log, 'nothing like this');
      await until(() => log.shadowRoot!.textContent.includes('No line matches.'));
      await click(all(log, '.empty button')[0]!);
      await log.updateComplete;
      expect([log.search, log.level, count(log)]).to.deep.equal(['', '', '200 lines']);
      expect(focused() === scroller(log), 'focus').to.equal(true);
    });

    it('says once how many lines were found, and reads none of them aloud', async () => {
      write(2_000);
      const provider = await fixture(
        html`<campaign-provider .store=${store}
          ><campaign-log system="python" campaign-id="spring" listen></campaign-log
        ></campaign-provider>`,
      );
      const log = provider.querySelector('campaign-log')!;
      await log.updateComplete;
      const region = document.querySelector('[role=status]')!;
      const spoken = seen(region, () => region.textContent.includes('2 lines found'));
      for (const text of ['c', 'cl', 'closed']) await type(log, text);
      expect(scroller(log).getAttribute('aria-live')).to.equal('off');
      await spoken;
      await until(() => scroller(log).getAttribute('aria-live') === 'polite');
    });
  });

  describe('controls', () => {
    it('wraps long lines, or lets them be scrolled', async () => {
      store.write(ref, { entries: [{ text: 'word '.repeat(400), at }], dropped: 0, state: 'live' });
      const log = await shown(store);
      const wide = () => scroller(log).scrollWidth > scroller(log).clientWidth;
      expect(wide()).to.equal(false);
      await click(box(log, 'Wrap'));
      await nextFrame();
      expect(wide()).to.equal(true);
    });

    it('copies all lines that are kept, with time and level', async () => {
      let copied = '';
      const { clipboard } = navigator;
      Object.defineProperty(navigator, 'clipboard', {
        configurable: true,
        value: { writeText: (text: string) => Promise.resolve(void (copied = text)) },
      });
      try {
        entries = lines(1_500);
        store.write(ref, { entries, dropped: 0, state: 'live' });
        const log = await shown(store);
        const confirmation = seen(log.shadowRoot!, () => within(log, '[part=copy]').textContent?.includes('Copied'));
        await click(within(log, '[part=copy]'));
        await confirmation;
        const rows = copied.split('\n');
        expect(rows).to.have.length(1_500);
        expect(rows[0]).to.equal('2026-03-01T12:00:00.000Z INFO line 0');
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    });

    it('saves all lines that are kept as a file, and how many are not', async () => {
      entries = lines(1_500);
      store.write(ref, { entries, dropped: 2, state: 'live' });
      const log = await shown(store);
      const saved: { name: string; text: Promise<string> }[] = [];
      const { click: followLink } = HTMLAnchorElement.prototype;
      HTMLAnchorElement.prototype.click = function () {
        saved.push({ name: this.download, text: fetch(this.href).then((response) => response.text()) });
      };
      try {
        await click(within(log, '[part=download]'));
      } finally {
        HTMLAnchorElement.prototype.click = followLink;
      }
      expect(saved).to.have.length(1);
      expect(saved[0]!.name).to.equal('python-spring-log.txt');
      const rows = (await saved[0]!.text).split('\n');
      expect(rows.slice(0, 2)).to.deep.equal([
        '2 older lines are no longer kept',
        '2026-03-01T12:00:00.000Z INFO line 0',
      ]);
      expect(rows).to.have.length(1_501);
    });

    it('reports when copying fails', async () => {
      forbidCopying();
      const log = await shown(store);
      expect(await log.copyAll()).to.equal(false);
      await log.updateComplete;
      expect(within(log, '[part=copy]').textContent).to.contain('Could not copy');
    });
  });

  describe('hostile text', () => {
    it('is shown as text, isolated from its surroundings', async () => {
      store.write(ref, {
        entries: [
          { text: '<img src=x onerror="window.hit=1">\n\u202Ereversed' },
          { text: 'unknown level', level: 'constructor' as never, at: 'no time' },
          { text: 'x'.repeat(20_000), at },
        ],
        dropped: 0,
        state: 'live',
      });
      const log = await shown(store);
      expect(all(log, 'img')).to.have.length(0);
      expect(texts(log)[0]).to.equal('<img src=x onerror="window.hit=1">\n[U+202E]reversed');
      expect(all(log, '.line')[1]!.textContent?.trim()).to.equal('unknown level');
      expect(getComputedStyle(all(log, '.text')[0]!).unicodeBidi).to.equal('isolate');
      expect(scroller(log).scrollWidth).to.equal(scroller(log).clientWidth);
    });
  });

  describe('size and look', () => {
    it('fits into 320 px, with targets of 24 px', async () => {
      await setViewport(320, 600);
      const log = await shown(store);
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      for (const control of all(log, 'button, label'))
        expect(control.getBoundingClientRect().height).to.be.at.least(24);
    });

    it('distinguishes levels in forced colours', async () => {
      await emulate({ forcedColors: 'active' });
      store.write(ref, { entries: [{ text: 'no', level: 'error' }], dropped: 0, state: 'live' });
      const log = await shown(store);
      expect(getComputedStyle(within(log, '.level')).color).to.equal(getComputedStyle(log).color);
    });
  });

  it('shows the log of a real store, and of a third system', async () => {
    const backend = simulateBackend({ sampleData: 'empty', tickMs: 0, lifecycles: [mailings] });
    const real = createCampaignStore({ adapter: simulatedAdapter(backend), lifecycles: [mailings], graceMs: 0 });
    const campaign = backend.campaigns.add({ system: 'mailings', id: 'm', name: 'May', status: 'running' });
    backend.tick();
    const log = await fixture<CampaignLog>(
      html`<campaign-log system="mailings" campaign-id="m" .store=${real}></campaign-log>`,
    );
    await until(() => texts(log).length > 0);
    const before = texts(log).length;
    backend.campaigns.raise(campaign, 'Out of stamps');
    await until(() => texts(log).length > before);
    expect(scroller(log).getAttribute('aria-label')).to.equal('Engine log of May');
    log.remove();
    real.dispose();
    backend.dispose();
  });
});
