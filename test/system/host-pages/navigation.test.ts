/** A host's router answers the kit's links. Real clicks; the page stays, because every link leads to a place in it. */
import { expect, html } from '@open-wc/testing';
import type { CampaignNavigateEvent } from '../../../src/index.ts';
import { cdp, click, nextFrame, press, until } from '../../support/browser.ts';
import { renderWithStore } from '../../support/elements/fixture.ts';
import { StubStore } from '../../support/elements/stub-store.ts';
import '../../../src/define.ts';

const ref = { system: 'flows', id: 'spring' };
const routes = { channels: '#/channels/{dependency}' };
const there = `${location.origin}${location.pathname}${location.search}#/channels/sms`;

/** The link of a guide to the channel of the error, and what clicks on it have led to. */
async function linkOf(cancel = false): Promise<{
  link: HTMLAnchorElement;
  events: CampaignNavigateEvent['detail'][];
  /** The clicks that the browser would answer itself, by going there or by opening a tab. */
  left: string[];
}> {
  const store = new StubStore();
  store.show(ref, { status: 'error', cause: { kind: 'channel', id: 'sms', name: 'SMS' } });
  store.diagnose(ref, {
    dependencies: [{ kind: 'channel', id: 'sms', name: 'SMS', state: 'stopped' }],
    outlook: 'fails-again',
  });
  const host = await renderWithStore(
    store,
    html`<recovery-guide system="flows" campaign-id="spring"></recovery-guide>`,
    {
      routes,
    },
  );
  const guide = host.querySelector('recovery-guide')!;
  await until(() => guide.shadowRoot!.querySelector('a'));
  const events: CampaignNavigateEvent['detail'][] = [];
  host.addEventListener('campaign-navigate', (event) => {
    events.push(event.detail);
    if (cancel) event.preventDefault();
  });
  const left: string[] = [];
  const onClick = (event: Event): void => {
    if (!event.defaultPrevented) left.push(event.type);
    event.preventDefault(); // no tab of this run may open another
  };
  for (const type of ['click', 'auxclick']) host.addEventListener(type, onClick);
  return { link: guide.shadowRoot!.querySelector('a')!, events, left };
}

async function clickWith(link: Element, button: 'left' | 'middle', modifiers: number): Promise<void> {
  link.scrollIntoView({ block: 'center' });
  await nextFrame();
  const { left, top, width, height } = link.getBoundingClientRect();
  const at = { x: left + width / 2, y: top + height / 2, button, modifiers, clickCount: 1 };
  for (const type of ['mousePressed', 'mouseReleased']) await cdp('Input.dispatchMouseEvent', { type, ...at });
  await nextFrame();
}

describe('a link to a page of the host', () => {
  it('fires campaign-navigate with its address on a plain click, before it is followed', async () => {
    const { link, events, left } = await linkOf();
    await click(link);
    expect(events).to.deep.equal([{ to: 'channels', ref, dependency: { kind: 'channel', id: 'sms' }, href: there }]);
    expect(left).to.deep.equal(['click']);
  });

  it('is not followed if a router cancels that', async () => {
    const { link, events, left } = await linkOf(true);
    await click(link);
    link.focus();
    await press('Enter');
    expect([events.length, left.length]).to.deep.equal([2, 0]);
  });

  for (const [what, button, modifiers, type] of [
    ['a middle click', 'middle', 0, 'auxclick'],
    ['a click with Control', 'left', 2, 'click'],
    ['a click with Meta', 'left', 4, 'click'],
    ['a click with Shift', 'left', 8, 'click'],
    ['a click with Alt', 'left', 1, 'click'],
  ] as const)
    it(`is left to the browser at ${what}`, async () => {
      const { link, events, left } = await linkOf(true);
      await clickWith(link, button, modifiers);
      expect([events.length, left]).to.deep.equal([0, [type]]);
    });

  it('keeps its address, so that it can be copied', async () => {
    expect((await linkOf(true)).link.href).to.equal(there);
  });
});
