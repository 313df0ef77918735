import { expect, fixture, html } from '@open-wc/testing';
import { CampaignStatusTag } from '../../src/elements/campaign-status-tag/campaign-status-tag.ts';
import { popupChunk } from '../../src/elements/campaign-status-tag/popup-chunk.ts';
import { LazyChunk } from '../../src/elements/shared/popup/lazy-chunk.ts';
import { click, focused, hover, nextFrame, press, unhover, until } from '../support/browser.ts';
import { expectSame } from '../support/elements/deep-equal.ts';

type Layers = Awaited<ReturnType<typeof popupChunk.load>>;

/** The loads that wait for the test, oldest first. */
const loads: { succeed(): Promise<void>; fail(): void }[] = [];
let chunk: LazyChunk<Layers>;

/** A tag whose popup's code arrives when the test says so. */
class WaitingTag extends CampaignStatusTag {
  protected override get layers(): LazyChunk<Layers> {
    return chunk;
  }
}
customElements.define('waiting-tag', WaitingTag);

describe('a popup whose code is not loaded yet', () => {
  const button = (tag: WaitingTag): HTMLElement => tag.shadowRoot!.querySelector<HTMLElement>('.tag')!;
  const popup = (tag: WaitingTag): HTMLElement | null => tag.shadowRoot!.querySelector('.popup');
  const described = (tag: WaitingTag): HTMLElement => tag.shadowRoot!.querySelector<HTMLElement>('#description')!;
  const made = (): Promise<WaitingTag> =>
    fixture(html`<waiting-tag system="flows" status="error" message="The channel is down."></waiting-tag>`);
  const load = (): Promise<(typeof loads)[number]> => until(() => loads.shift(), 'a load');

  beforeEach(async () => {
    const layers = await popupChunk.load();
    loads.length = 0;
    chunk = new LazyChunk(
      () =>
        new Promise((resolve, reject) => {
          loads.push({
            succeed: async () => (resolve(layers), await chunk.load(), nextFrame()),
            fail: () => reject(new Error('offline')),
          });
        }),
    );
    // No load but those that an event starts.
    chunk.prefetch = () => undefined;
  });

  it('is asked for by the first hover, and opens as a hint if the pointer is still there', async () => {
    const tag = await made();
    expect(loads.length).to.equal(0);
    await hover(button(tag));
    await (await load()).succeed();
    await until(() => popup(tag), 'the hint');
    expect(tag.matches(':state(pinned)')).to.equal(false);
  });

  it('does not open if the pointer has gone meanwhile', async () => {
    const tag = await made();
    await hover(button(tag));
    const loading = await load();
    await unhover();
    await loading.succeed();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expectSame(popup(tag), null);
  });

  it('opens for a press that came while it was loading', async () => {
    const tag = await made();
    await click(button(tag));
    await (await load()).succeed();
    expect(tag.matches(':state(pinned)')).to.equal(true);
    expectSame(focused(), button(tag));
  });

  it('does not open if a second press took the first one back', async () => {
    const tag = await made();
    await click(button(tag));
    await click(button(tag));
    await (await load()).succeed();
    expectSame(popup(tag), null);
  });

  it('moves the focus to the text after a press by key', async () => {
    const tag = await made();
    tag.focus();
    await press('Enter');
    await (await load()).succeed();
    expect(focused()?.className).to.equal('popup-body');
  });

  it('keeps a press from a link around the tag while it is loading', async () => {
    const link = await fixture<HTMLElement>(
      html`<a href="#followed"><waiting-tag system="flows" status="error"></waiting-tag></a>`,
    );
    await click(button(link.querySelector<WaitingTag>('waiting-tag')!));
    expect(location.hash).to.equal('');
  });

  it('opens by `open()` once it is loaded, which `updateComplete` waits for, unless `close()` came first', async () => {
    const tag = await made();
    tag.open();
    await (await load()).succeed();
    await tag.updateComplete;
    expect(tag.matches(':state(pinned)')).to.equal(true);
    tag.close();
    expectSame(popup(tag), null);
  });

  it('shows the description of the pressed tag if it can’t be loaded, and the next press tries again', async () => {
    const tag = await made();
    await click(button(tag));
    (await load()).fail();
    await until(() => described(tag).checkVisibility(), 'the description');
    expect(described(tag).textContent).to.contain('The channel is down.');
    await press('Escape');
    await until(() => !described(tag).checkVisibility(), 'the description to go');
    await click(button(tag));
    await (await load()).succeed();
    expect(tag.matches(':state(pinned)')).to.equal(true);
  });

  it('is fetched a second time under another address, because a browser may remember that it failed', async () => {
    const address = new URL('../support/elements/deep-equal.ts', import.meta.url).href;
    const failed = new LazyChunk<{ expectSame: unknown }>(() =>
      Promise.reject(new TypeError(`Failed to fetch dynamically imported module: ${address}`)),
    );
    const loaded = await failed.load();
    expect(loaded.expectSame).to.be.a('function').and.not.to.equal(expectSame);
    expect(failed.value).to.equal(loaded);
  });
});
