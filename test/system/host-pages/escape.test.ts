import { expect, fixture, html } from '@open-wc/testing';
import type { CampaignStatusTag } from '../../../src/index.ts';
import { click, nextFrame, press, until } from '../../support/browser.ts';
import '../../../src/define.ts';
import '../../support/elements/load-layers.ts';

/** A tag with a pinned popup, in a box of the host's. */
async function pinned(): Promise<{ box: HTMLElement; popup: () => Element | null; passed: () => number }> {
  const box = await fixture<HTMLElement>(
    html`<div>
      <campaign-status-tag system="python" status="error" message="No contacts"></campaign-status-tag>
    </div>`,
  );
  const tag = box.querySelector<CampaignStatusTag>('campaign-status-tag')!;
  await tag.updateComplete;
  await click(tag);
  const popup = (): Element | null => tag.shadowRoot!.querySelector('[part=popup]');
  await until(popup, 'the popup is open');
  let passed = 0;
  const onKey = (event: KeyboardEvent): unknown => event.key === 'Escape' && !event.defaultPrevented && passed++;
  document.addEventListener('keydown', onKey);
  after = () => document.removeEventListener('keydown', onKey);
  return { box, popup, passed: () => passed };
}
let after = (): void => {};
afterEach(() => after());

describe('Escape', () => {
  it('closes a popup that is seen, and goes no further', async () => {
    const { popup, passed } = await pinned();
    await press('Escape');
    expect([popup(), passed()]).to.deep.equal([null, 0]);
  });

  for (const [what, hide] of [
    ['hidden', (box) => (box.hidden = true)],
    ['display: none', (box) => box.style.setProperty('display', 'none')],
    ['visibility: hidden', (box) => box.style.setProperty('visibility', 'hidden')],
    ['content-visibility: hidden', (box) => box.style.setProperty('content-visibility', 'hidden')],
    ['inert', (box) => (box.inert = true)],
  ] as [string, (box: HTMLElement) => unknown][])
    it(`goes past a popup in a box that the host has made ${what}, and closes it`, async () => {
      const { box, popup, passed } = await pinned();
      hide(box);
      await nextFrame();
      await press('Escape');
      expect([popup(), passed()]).to.deep.equal([null, 1]);
    });

  it('closes a menu of the host above the popup, and then the popup', async () => {
    const { popup } = await pinned();
    const menu = await fixture<HTMLElement>(html`<div popover="auto">Menu</div>`);
    menu.showPopover();
    await press('Escape');
    expect([menu.matches(':popover-open'), popup() === null]).to.deep.equal([false, false]);
    await press('Escape');
    expect(popup()).to.equal(null);
  });

  it('closes the popup below a toast of the host, which stays', async () => {
    const { popup } = await pinned();
    const toast = await fixture<HTMLElement>(html`<div popover="manual">Saved</div>`);
    toast.showPopover();
    await press('Escape');
    expect([toast.matches(':popover-open'), popup()]).to.deep.equal([true, null]);
  });
});
