import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import '../../src/elements/campaign-list/define.ts';
import type { CampaignList } from '../../src/elements/campaign-list/campaign-list.ts';
import { click, emulate, hover, moveTo, press, setViewport, until } from '../support/browser.ts';
import { idOf, idsOf, ManyStore, nameOf } from '../support/elements/many-store.ts';

const grid = (list: CampaignList): HTMLElement => list.renderRoot.querySelector<HTMLElement>('[part=grid]')!;
const body = (list: CampaignList): HTMLElement => list.renderRoot.querySelector<HTMLElement>('.body')!;
const rows = (list: CampaignList): HTMLElement[] => [...list.renderRoot.querySelectorAll<HTMLElement>('[part=row]')];
const header = (list: CampaignList): HTMLElement => list.renderRoot.querySelector<HTMLElement>('[part=header]')!;
const indexOf = (row: Element): number => Number(row.getAttribute('aria-rowindex')) - 2;
const textOf = (row: Element): string => row.querySelector('[part=name]')?.textContent ?? '';
const rowOf = (list: CampaignList, id: string): HTMLElement | undefined =>
  rows(list).find((row) => textOf(row) === nameOf(id));
const nameIn = (row: Element): HTMLElement => row.querySelector<HTMLElement>('[part=name]')!;
const active = (list: CampaignList): Element | null => list.shadowRoot!.activeElement;

/** What lies below the header and within the list's own box and the page. */
function viewOf(list: CampaignList): { readonly top: number; readonly bottom: number } {
  const box = grid(list).getBoundingClientRect();
  return {
    top: Math.max(0, header(list).getBoundingClientRect().bottom, box.top),
    bottom: Math.min(innerHeight, box.bottom, body(list).getBoundingClientRect().bottom),
  };
}

const inView = (list: CampaignList): HTMLElement[] => {
  const { top, bottom } = viewOf(list);
  return rows(list).filter((row) => {
    const box = row.getBoundingClientRect();
    return box.bottom > top + 1 && box.top < bottom - 1;
  });
};

/** Every place in view has one row, which shows its campaign. */
function expectRowsInView(list: CampaignList, ids: readonly string[]): void {
  const shown = inView(list).sort((one, other) => indexOf(one) - indexOf(other));
  const { top, bottom } = viewOf(list);
  expect(shown.length, 'rows in view').to.be.greaterThan(0);
  expect(shown[0]!.getBoundingClientRect().top, 'no blank at the top').to.be.at.most(top + 1);
  expect(shown.at(-1)!.getBoundingClientRect().bottom, 'no blank at the bottom').to.be.at.least(bottom - 1);
  for (const [n, row] of shown.entries()) {
    expect(indexOf(row), 'no gap').to.equal(indexOf(shown[0]!) + n);
    expect(textOf(row)).to.equal(nameOf(ids[indexOf(row)]!));
    expect(row.querySelector('campaign-status-tag')!.shadowRoot!.querySelector('[part=tag]'), 'a tag').to.not.equal(
      null,
    );
    const next = shown[n + 1]?.getBoundingClientRect();
    if (next) expect(next.top, 'rows do not overlap').to.be.closeTo(row.getBoundingClientRect().bottom, 1);
  }
}

/** Rows stand in the document in the order that they have on screen. */
function isInOrder(list: CampaignList): boolean {
  const indices = rows(list).map(indexOf);
  return indices.every((index, n) => n === 0 || index > indices[n - 1]!);
}

interface Shown {
  readonly list: CampaignList;
  readonly store: ManyStore;
}

async function listOf(count: number, properties: Partial<CampaignList> = {}, height = 400): Promise<Shown> {
  const store = new ManyStore(count);
  const list = await fixture<CampaignList>(html`<campaign-list system="flows" no-search no-filters></campaign-list>`);
  Object.assign(list, { contained: true, ...properties });
  if (list.contained) list.style.blockSize = `${height}px`;
  list.store = store;
  await until(() => rows(list).length > 0, 'rows');
  await nextFrame();
  return { list, store };
}

async function scrollTo(list: CampaignList, top: number): Promise<void> {
  grid(list).scrollTop = top;
  await nextFrame();
}

const scrollPage = (top: number): void => window.scrollTo({ top, behavior: 'instant' });

afterEach(async () => {
  scrollPage(0);
  await moveTo(0, 0);
});

describe('campaign-list with 100,000 campaigns', () => {
  it('renders a bounded number of rows, and at rest numbers them in the order of the document', async () => {
    const { list, store } = await listOf(100_000);
    expect(grid(list).getAttribute('aria-rowcount')).to.equal('100001');
    let seed = 7;
    for (let scroll = 0; scroll < 50; scroll++) {
      seed = (seed * 16_807) % 2_147_483_647;
      // Far in most cases; in every fifth by a few rows.
      await scrollTo(
        list,
        scroll % 5 === 4 ? grid(list).scrollTop + (seed % 700) - 350 : seed % grid(list).scrollHeight,
      );
      expectRowsInView(list, store.ids);
      await until(() => isInOrder(list), 'the order of the document');
      expect(rows(list).length).to.be.at.most(30);
      expect(new Set(rows(list).map(indexOf)).size).to.equal(rows(list).length);
    }
  });

  it('shows every row in view with name and tag in each frame of a scroll', async () => {
    const { list, store } = await listOf(100_000);
    const height = rows(list)[1]!.offsetHeight;
    for (let frame = 0; frame < 60; frame++) {
      grid(list).scrollTop += (frame < 40 ? 1 : -1) * 4 * height;
      expectRowsInView(list, store.ids);
      await new Promise(requestAnimationFrame);
    }
  });

  it('goes to the last row with Ctrl+End and to the header with Ctrl+Home, within the key event', async () => {
    const { list, store } = await listOf(100_000);
    nameIn(rows(list)[0]!).focus();
    const key = (name: string): void => {
      active(list)!.dispatchEvent(
        new KeyboardEvent('keydown', { key: name, ctrlKey: true, bubbles: true, composed: true, cancelable: true }),
      );
    };
    key('End');
    const last = active(list)!.closest('[part=row]')!;
    expect(indexOf(last)).to.equal(99_999);
    const box = last.getBoundingClientRect();
    expect(box.top).to.be.at.least(header(list).getBoundingClientRect().bottom - 1);
    expect(box.bottom).to.be.at.most(grid(list).getBoundingClientRect().bottom + 1);
    const middle = list.shadowRoot!.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    expect(last.contains(middle)).to.equal(true);
    await nextFrame();
    expectRowsInView(list, store.ids);
    key('Home');
    expect(active(list)!.closest('[part=header]')).to.not.equal(null);
  });

  it('pages by the rows in view, less one', async () => {
    const { list } = await listOf(100_000);
    nameIn(rows(list)[0]!).focus();
    const visible = Math.floor((viewOf(list).bottom - viewOf(list).top) / rows(list)[1]!.offsetHeight);
    for (const [pressed, index] of [
      ['PageDown', visible - 1],
      ['PageDown', 2 * (visible - 1)],
      ['PageUp', visible - 1],
    ] as const) {
      await press(pressed);
      expect(indexOf(active(list)!.closest('[part=row]')!), pressed).to.equal(index);
    }
  });

  it('keeps the focus in its row, and the row in the document, over a scroll of 1,000 rows', async () => {
    const { list, store } = await listOf(100_000);
    const row = rowOf(list, idOf(3))!;
    nameIn(row).focus();
    const height = row.offsetHeight;
    for (let n = 1; n <= 20; n++) await scrollTo(list, n * 50 * height);
    expectRowsInView(list, store.ids);
    expect(active(list)).to.equal(nameIn(row));
    expect(textOf(row)).to.equal(nameOf(idOf(3)));
    expect(indexOf(row)).to.equal(3);
    await until(() => isInOrder(list), 'the order of the document');
    await press('ArrowDown');
    expect(textOf(active(list)!.closest('[part=row]')!)).to.equal(nameOf(idOf(4)));
    expect(inView(list)).to.include(active(list)!.closest('[part=row]'));
  });

  it('moves the focus to the row now in its place when its row is removed, in view or not, without a scroll', async () => {
    const { list, store } = await listOf(100_000);
    nameIn(rowOf(list, idOf(3))!).focus();
    store.take(idOf(3));
    await until(() => active(list) && textOf(active(list)!.closest('[part=row]')!) === nameOf(idOf(4)), 'the next row');
    await scrollTo(list, 48_000);
    store.take(idOf(4));
    await until(() => active(list) && textOf(active(list)!.closest('[part=row]')!) === nameOf(idOf(5)), 'the next row');
    await until(() => isInOrder(list), 'the order of the document');
    expect(grid(list).scrollTop).to.equal(48_000);
  });

  it('never hands the nodes of a row with an open popup to another campaign', async () => {
    const { list } = await listOf(100_000);
    const row = rowOf(list, idOf(2))!;
    const tag = row.querySelector('campaign-status-tag')!;
    tag.open();
    await scrollTo(list, 100_000);
    await scrollTo(list, 900_000);
    expect(textOf(row)).to.equal(nameOf(idOf(2)));
    expect(row.isConnected).to.equal(true);
    tag.close();
    await scrollTo(list, 1_800_000);
    await until(() => !row.isConnected || textOf(row) !== nameOf(idOf(2)), 'the row is free');
  });

  it('keeps the row whose action is pending until its outcome is dispatched', async () => {
    const { list, store } = await listOf(100_000);
    const outcomes: string[] = [];
    list.addEventListener('campaign-outcome', ({ detail }) => outcomes.push(detail.ref.id));
    const ref = { system: 'flows', id: idOf(1) };
    let answer = (): void => {};
    store.perform = () => {
      store.change(ref, { request: { action: 'start', since: store.time, phase: 'pending' } });
      return new Promise((resolve) => (answer = () => resolve({ outcome: 'done' })));
    };
    const row = rowOf(list, ref.id)!;
    row.querySelector('campaign-action-button')!.press();
    await scrollTo(list, 900_000);
    expect(textOf(row)).to.equal(nameOf(ref.id));
    answer();
    await until(() => outcomes.length > 0, 'the outcome');
    expect(outcomes).to.deep.equal([ref.id]);
  });

  it('scrolls to a campaign, and leaves the focus where it is', async () => {
    const { list, store } = await listOf(100_000);
    nameIn(rows(list)[0]!).focus();
    expect(list.scrollToCampaign(idOf(70_000))).to.equal(true);
    expect(inView(list)).to.include(rowOf(list, idOf(70_000)));
    await nextFrame();
    expectRowsInView(list, store.ids);
    expect(textOf(active(list)!.closest('[part=row]')!)).to.equal(nameOf(idOf(0)));
    expect(list.scrollToCampaign('unknown')).to.equal(false);
  });

  it('scrolls to a campaign that has come while the order is held', async () => {
    const { list, store } = await listOf(1000);
    nameIn(rows(list)[0]!).focus();
    store.order([...store.ids, 'c999999']);
    expect(list.scrollToCampaign('c999999')).to.equal(true);
    expect(inView(list)).to.include(rowOf(list, 'c999999'));
  });
});

describe('campaign-list, where rows are on screen', () => {
  for (const direction of ['ltr', 'rtl'])
    for (const density of ['comfortable', 'compact'] as const)
      for (const width of [1000, 700, 320])
        it(`shows equal rows without overlap, ${direction}, ${density}, ${width} px wide`, async () => {
          await setViewport(width, 600);
          const { list, store } = await listOf(1000, { density, dir: direction });
          store.change({ system: 'flows', id: idOf(1) }, { name: nameOf(idOf(1)), changedBy: 'x'.repeat(80) });
          store.change({ system: 'flows', id: idOf(2) }, { stale: { asOf: store.time, why: 'unreadable' } });
          await scrollTo(list, 0);
          for (const row of inView(list)) {
            const box = row.getBoundingClientRect();
            expect(row.offsetHeight).to.equal(rows(list)[0]!.offsetHeight);
            for (const inner of row.querySelectorAll('*')) {
              const { top, bottom, height } = inner.getBoundingClientRect();
              if (height === 0) continue;
              expect(top, inner.outerHTML).to.be.at.least(box.top - 1);
              expect(bottom, inner.outerHTML).to.be.at.most(box.bottom + 1);
            }
          }
          await scrollTo(list, 9_000);
          expectRowsInView(list, store.ids);
        });

  it('follows the page', async () => {
    const { list, store } = await listOf(5000, { contained: false });
    expect(rows(list).length).to.be.at.most(40);
    for (const top of [100, 20_000, 200_000, 150]) {
      scrollPage(top);
      await nextFrame();
      expectRowsInView(list, store.ids);
    }
  });

  it('follows a box around it, in another shadow tree', async () => {
    const { list, store } = await listOf(5000, { contained: false });
    const home = list.parentElement!;
    const host = home.appendChild(document.createElement('div'));
    const root = host.attachShadow({ mode: 'open' });
    root.innerHTML = '<div style="block-size: 300px; overflow: auto"><slot></slot></div>';
    host.append(list);
    const box = root.querySelector('div')!;
    await until(() => rows(list).length > 0);
    await nextFrame();
    for (const top of [100, 20_000, 200_000, 150]) {
      box.scrollTop = top;
      await nextFrame();
      const shown = rows(list).filter((row) => {
        const { bottom } = row.getBoundingClientRect();
        return (
          bottom > box.getBoundingClientRect().top &&
          row.getBoundingClientRect().top < box.getBoundingClientRect().bottom
        );
      });
      expect(shown.length).to.be.greaterThan(4);
      for (const row of shown) expect(textOf(row)).to.equal(nameOf(store.ids[indexOf(row)]!));
    }
    expect(list.scrollToCampaign(idOf(2500))).to.equal(true);
    nameIn(rowOf(list, idOf(2500))!).focus();
    await press('PageDown');
    expect(indexOf(active(list)!.closest('[part=row]')!)).to.be.within(2501, 2506);
  });

  it('shows rows where something else than a scroll has moved the list', async () => {
    const { list, store } = await listOf(5000, { contained: false });
    const above = document.createElement('div');
    above.style.blockSize = '20000px';
    list.before(above);
    await nextFrame();
    scrollPage(19_900);
    await nextFrame();
    above.style.blockSize = '0px';
    above.style.marginBlockStart = '-3000px';
    await until(() => {
      const { top, bottom } = viewOf(list);
      return inView(list).length >= (bottom - top) / 48 - 1;
    }, 'rows');
    expectRowsInView(list, store.ids);
  });

  it('measures its rows again when text size, density or width change', async () => {
    await setViewport(1000, 600);
    const { list, store } = await listOf(1000);
    await scrollTo(list, 5_000);
    const heights: number[] = [];
    for (const change of [
      () => (list.density = 'compact'),
      () => list.style.setProperty('--campaign-font-size', '19.5px'),
      () => (list.style.inlineSize = '400px'),
    ]) {
      change();
      await nextFrame();
      await nextFrame();
      expectRowsInView(list, store.ids);
      heights.push(rows(list)[0]!.offsetHeight);
    }
    expect(heights[0]).to.equal(36);
    expect(heights[1]).to.equal(54);
    expect(heights[2]).to.be.greaterThan(100);
  });

  it('lays out its columns by the size of the text', async () => {
    await setViewport(1300, 600);
    const { list } = await listOf(20);
    list.style.inlineSize = '1248px';
    const card = (): boolean => {
      const [name, , at] = rows(list)[0]!.children;
      return at!.getBoundingClientRect().top > name!.getBoundingClientRect().top + 20;
    };
    await nextFrame();
    expect(card()).to.equal(false);
    list.style.setProperty('--campaign-font-size', '26px');
    await nextFrame();
    expect(card()).to.equal(true);
    expect(rows(list)[0]!.offsetHeight).to.be.below(220);
    list.style.setProperty('--campaign-font-size', '52px');
    await nextFrame();
    const edge = list.getBoundingClientRect().right + 1;
    for (const inner of list.renderRoot.querySelectorAll('.body *'))
      expect(inner.getBoundingClientRect().right, inner.outerHTML).to.be.at.most(edge);
  });

  it('keeps its layout on a page that resets every element', async () => {
    const style = document.head.appendChild(document.createElement('style'));
    style.textContent = '* { all: revert } * { font: inherit } body { font-size: 15px }';
    try {
      await setViewport(1000, 600);
      const { list } = await listOf(20, { contained: false });
      list.style.removeProperty('block-size');
      await nextFrame();
      expect(getComputedStyle(rows(list)[0]!).fontSize).to.equal('13px');
      expect(rows(list)[0]!.offsetHeight).to.equal(48);
      expect(rows(list)[0]!.offsetWidth).to.be.greaterThan(900);
    } finally {
      style.remove();
    }
  });

  it('cuts long names, and shows the whole when the mouse is over them', async () => {
    const { list, store } = await listOf(10);
    const long = 'A name that is far too long for the column that it stands in, and goes on and on '.repeat(4);
    store.change({ system: 'flows', id: idOf(1) }, { name: long });
    await nextFrame();
    const name = nameIn(rows(list)[1]!);
    expect(rows(list)[1]!.offsetHeight).to.equal(rows(list)[0]!.offsetHeight);
    expect(name.scrollWidth).to.be.greaterThan(name.clientWidth);
    await hover(name);
    expect(name.title).to.equal(long);
    await hover(nameIn(rows(list)[0]!));
    expect(nameIn(rows(list)[0]!).title).to.equal('');
  });

  it('fits more rows than a browser can lay out into one box', async () => {
    const { list, store } = await listOf(1_000_000);
    expect(grid(list).scrollHeight).to.be.below(17_000_000);
    for (const share of [0.25, 0.5, 1]) {
      await scrollTo(list, share * (grid(list).scrollHeight - grid(list).clientHeight));
      expectRowsInView(list, store.ids);
      expect(indexOf(inView(list)[0]!) / 1_000_000).to.be.closeTo(share, 0.001);
    }
    expect(
      indexOf(
        inView(list)
          .sort((one, other) => indexOf(one) - indexOf(other))
          .at(-1)!,
      ),
    ).to.equal(999_999);
    nameIn(inView(list)[0]!).focus();
    for (const [key, index] of [
      ['Control+End', 999_999],
      ['ArrowUp', 999_998],
      ['Control+Home', -1],
      ['ArrowDown', 0],
    ] as const) {
      await press(key);
      const row = active(list)!.closest('[role=row]')!;
      expect(indexOf(row), key).to.equal(index);
      if (index >= 0) expect(inView(list), key).to.include(row);
    }
    expect(list.scrollToCampaign(idOf(321_000))).to.equal(true);
    expect(inView(list)).to.include(rowOf(list, idOf(321_000)));
  });
});

describe('campaign-list, whose order changes', () => {
  const turned = (ids: readonly string[], by: number): string[] => [...ids.slice(by), ...ids.slice(0, by)];

  it('shows a changed order at most four times a second, and the contents of rows at once', async () => {
    const { list, store } = await listOf(1000);
    let orders = 0;
    let shown = '';
    const began = performance.now();
    for (let frame = 0; frame < 60; frame++) {
      store.order(turned(store.ids, 1));
      await nextFrame();
      const first = inView(list).sort((one, other) => indexOf(one) - indexOf(other))[0]!;
      if (textOf(first) !== shown) orders++;
      shown = textOf(first);
      const id = shown.replace('Campaign ', '');
      store.change({ system: 'flows', id }, { message: `frame ${frame}` });
      expect(first.querySelector('campaign-status-tag')!.view!.message).to.equal(`frame ${frame}`);
    }
    expect(orders).to.be.greaterThan(1);
    expect(orders).to.be.at.most((performance.now() - began) / 250 + 2);
  });

  for (const [what, enter] of [
    ['mouse', (list: CampaignList) => hover(rows(list)[2]!)],
    ['focus', (list: CampaignList) => Promise.resolve(nameIn(rows(list)[2]!).focus())],
  ] as const)
    it(`moves no row under the ${what} while the order changes, and reads the order only now and then`, async () => {
      const { list, store } = await listOf(10_000);
      await enter(list);
      await nextFrame();
      const places = (): string =>
        JSON.stringify(inView(list).map((row) => [textOf(row), row.getBoundingClientRect().y]));
      const before = places();
      store.reads.slice = store.reads.indexOf = 0;
      const began = performance.now();
      for (let frame = 0; frame < 30; frame++) {
        store.order(turned(store.ids, 1));
        await nextFrame();
        expect(places()).to.equal(before);
      }
      const looks = (performance.now() - began) / 250 + 2;
      expect(store.reads.slice).to.be.at.most(looks);
      expect(store.reads.indexOf).to.be.at.most(looks * rows(list).length);
      const reorder = await until(() => list.renderRoot.querySelector<HTMLElement>('[part=reorder]'), 'the offer');
      await click(reorder);
      await until(() => inView(list).every((row) => textOf(row) === nameOf(store.ids[indexOf(row)]!)), 'the new order');
    });

  it('counts what would change in view: rows that come, go and move', async () => {
    const { list, store } = await listOf(10, {}, 900);
    nameIn(rows(list)[0]!).focus();
    const updates = async (ids: readonly string[], text: string): Promise<void> => {
      store.order(ids);
      await until(() => list.renderRoot.querySelector('[part=reorder]')?.textContent?.trim() === text, text);
    };
    const ids = idsOf(10);
    await updates(['c000100', ...ids], 'Reorder (1 update)');
    await updates(turned(ids, 1), 'Reorder (1 update)');
    await updates(['c000100', 'c000101', ...turned(ids, 1)], 'Reorder (3 updates)');
  });
});

describe('campaign-list on paper', () => {
  const printed = async (list: CampaignList): Promise<void> => {
    await emulate({ media: 'print' });
    await until(() => getComputedStyle(rows(list)[0]!).position === 'static', 'the layout of paper');
    await nextFrame();
  };

  it('shows all rows of a contained list, as tall as their texts', async () => {
    const { list, store } = await listOf(120);
    const long = 'A name that is far too long for the column that it stands in '.repeat(6);
    store.change({ system: 'flows', id: idOf(1) }, { name: long });
    await printed(list);
    expect(rows(list).map(textOf)).to.deep.equal([nameOf(idOf(0)), long, ...idsOf(120).slice(2).map(nameOf)]);
    expect(rows(list)[1]!.offsetHeight).to.be.greaterThan(60);
    const last = rows(list)[119]!.getBoundingClientRect();
    expect(last.bottom).to.be.at.most(list.getBoundingClientRect().bottom);
    expect(list.offsetHeight).to.be.greaterThan(120 * 48);
    expect(list.renderRoot.querySelector('[part=rest]')).to.equal(null);
  });

  it('shows the first 500 rows, then how many are left out; afterwards those on screen again', async () => {
    const { list, store } = await listOf(6675);
    await scrollTo(list, 100_000);
    await printed(list);
    expect(rows(list).map(indexOf)).to.deep.equal(Array.from({ length: 500 }, (_, index) => index));
    const rest = list.renderRoot.querySelector('[part=rest]')!;
    expect(rest.textContent).to.equal('6,175 more campaigns are not printed.');
    expect(rest.getBoundingClientRect().top).to.be.at.least(rows(list)[499]!.getBoundingClientRect().bottom);
    await emulate({});
    await until(() => rows(list).length < 40, 'the rows on screen');
    await nextFrame();
    expect(list.renderRoot.querySelector('[part=rest]')).to.equal(null);
    expectRowsInView(list, store.ids);
  });

  it('is ready when the event before printing is over', async () => {
    const { list } = await listOf(300);
    dispatchEvent(new Event('beforeprint'));
    await list.updateComplete;
    expect(rows(list).length).to.equal(300);
    dispatchEvent(new Event('afterprint'));
    await list.updateComplete;
    expect(rows(list).length).to.be.below(40);
  });
});
