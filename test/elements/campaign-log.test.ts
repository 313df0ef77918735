import { aTimeout, expect, fixture, html } from '@open-wc/testing';
import { simulateBackend, simulatedAdapter } from '../../mocks/index.ts';
import '../../src/elements/campaign-log/define.ts';
import type { CampaignLog } from '../../src/elements/campaign-log/campaign-log.ts';
import { LogWindow, MAX_LINES } from '../../src/elements/campaign-log/log-window.ts';
import '../../src/provider/define.ts';
import { createCampaignStore, type LogEntryView, type LogView } from '../../src/store/index.ts';
import { axNode, axOf, click, emulate, focused, nextFrame, press, seen, setViewport, until } from '../setup/browser.ts';
import { expectAccessible } from './support/axe.ts';
import { mailings } from './support/six-statuses.ts';
import { StubStore } from './support/stub-store.ts';

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
      await axNode({ role: 'button', name: 'Copy all' });
    });
  });

  describe('defaults and reflection', () => {
    it('has the documented defaults, and reflects what a user may change', async () => {
      const log = await shown(store);
      expect([log.nowrap, log.listen, log.following]).to.deep.equal([false, false, true]);
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
      for (const part of ['log', 'toolbar', 'lines', 'line', 'notice', 'latest']) within(log, `[part~=${part}]`);
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
      expect(texts(log)).to.have.length(200);
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
      expect(texts(log)).to.have.length(210);
    });
  });

  describe('O2: bounds', () => {
    it('shows at most 1,000 lines, and how many it leaves out', async () => {
      entries = lines(5_000);
      store.write(ref, { entries, dropped: 40, state: 'live' });
      const log = await shown(store);
      expect(texts(log).length).to.be.within(900, MAX_LINES);
      expect(texts(log).at(-1)).to.equal('line 4999');
      scroller(log).scrollTop = 0;
      const notice = within(log, '.older').textContent.replace(/\s+/g, ' ').trim();
      expect(notice).to.match(
        /^40 older lines are no longer kept 4,\d\d\d older lines are not shown; Copy all includes them$/,
      );
    });

    it('renders a line once, however many follow', async () => {
      const log = await shown(store);
      const [first] = all(log, '.line');
      const last = all(log, '.line').at(-1)!;
      let touched = 0;
      const observer = new MutationObserver((records) => (touched += records.length));
      for (const line of all(log, '.line'))
        observer.observe(line, { subtree: true, childList: true, characterData: true, attributes: true });
      append(60);
      await log.updateComplete;
      touched += observer.takeRecords().length;
      observer.disconnect();
      expect(touched).to.equal(0);
      expect(all(log, '.line')[0] === first, 'same element').to.equal(true);
      expect(all(log, '.line')[199] === last, 'same element').to.equal(true);
      expect(all(log, '.line')).to.have.length(260);
    });

    it('stays responsive at a thousand lines a second', async () => {
      entries = lines(4_000);
      const log = await shown(store);
      const costs: number[] = [];
      for (let frame = 0; frame < 60; frame++) {
        entries = [...entries, ...lines(17, entries.length)];
        const dropped = Math.max(0, entries.length - 5_000);
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const before = performance.now();
        store.write(ref, { entries: entries.slice(dropped), dropped, state: 'live' });
        await log.updateComplete;
        expect(isAtEnd(scroller(log))).to.equal(true);
        costs.push(performance.now() - before);
      }
      costs.sort((a, b) => a - b);
      // All frames cost the same. The cheaper ones contain no other work of the machine.
      expect(costs[10], 'ms for the lines of a frame').to.be.lessThan(16);
      expect(texts(log).at(-1)).to.equal(`line ${entries.length - 1}`);
    });
  });

  describe('the log’s visible window', () => {
    const view = (count: number, dropped = 0) => ({ entries: lines(count, dropped), dropped, state: 'live' as const });

    it('is filled before new lines below it are left out', () => {
      const window = new LogWindow();
      window.take(view(990));
      window.pause();
      const more = { ...view(0), entries: [...window.lines, ...lines(50, 990)] };
      window.take(more);
      expect(window.lines).to.have.length(MAX_LINES);
      expect(window.lines.at(-1)?.text).to.equal('line 999');
      expect(window.unseen).to.equal(50);
    });

    it('starts over with a shorter log', () => {
      const window = new LogWindow();
      window.take(view(500));
      window.take(view(3));
      expect(window.lines.map(({ text }) => text)).to.deep.equal(['line 0', 'line 1', 'line 2']);
      expect(window.first).to.equal(0);
    });

    it('continues after a burst that replaced every known line', () => {
      const window = new LogWindow();
      const before = view(100);
      window.take(before);
      window.pause();
      window.take(view(5_000, 90_000));
      expect(window.lines).to.deep.equal(before.entries);
      expect(window.unseen).to.equal(94_900);
      window.follow();
      expect(window.lines.at(-1)?.text).to.equal('line 94999');
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
        const confirmation = seen(log.shadowRoot!, () => all(log, 'button')[0]!.textContent?.includes('Copied'));
        await click(all(log, 'button')[0]!);
        await confirmation;
        const rows = copied.split('\n');
        expect(rows).to.have.length(1_500);
        expect(rows[0]).to.equal('2026-03-01T12:00:00.000Z INFO line 0');
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
    });

    it('reports when copying fails', async () => {
      const { clipboard } = navigator;
      Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
      try {
        const log = await shown(store);
        expect(await log.copyAll()).to.equal(false);
        await log.updateComplete;
        expect(all(log, 'button')[0]!.textContent).to.contain('Could not copy');
      } finally {
        Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
      }
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
