import { expect, fixture, html } from '@open-wc/testing';
import type { CampaignElement } from '../../../src/elements/shared/base/campaign-element.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { click, nextFrame, press, setViewport, tap, until } from '../../support/browser.ts';
import { kinds, NamedStore, ref, showing, textOf } from '../../support/elements/two-stores.ts';
import '../../support/elements/load-layers.ts';

/** A host's card that is a link and has its own handlers, around an element of the kit. */
interface Card {
  readonly store: NamedStore;
  readonly link: HTMLAnchorElement;
  readonly element: CampaignElement;
  /** What the card has done since it was created. */
  done(): readonly string[];
}

async function cardAround(name: string): Promise<Card> {
  history.replaceState(null, '', '#here');
  const store = new NamedStore('Alpha');
  const around = await fixture<CampaignProvider>(html`
    <campaign-provider .store=${store}>
      <div id="row"><a href="#elsewhere">Open</a></div>
    </campaign-provider>
  `);
  const link = around.querySelector('a')!;
  link.style.setProperty('display', 'block');
  const done: string[] = [];
  const row = around.querySelector('#row')!;
  for (const type of ['click', 'dblclick', 'keydown', 'keyup'])
    row.addEventListener(type, (event) => {
      if (!(event instanceof KeyboardEvent) || event.key === 'Enter' || event.key === ' ') done.push(type);
    });
  const element = link.appendChild(showing(name));
  await until(() => textOf(element).includes('of Alpha'));
  await nextFrame();
  return { store, link, element, done: () => [...done, ...(location.hash === '#here' ? [] : ['navigated'])] };
}
afterEach(() => history.replaceState(null, '', location.pathname + location.search));

/** Everything that can be pressed in an element, including its shadow roots. */
function controls(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('*')].flatMap((node) => [
    ...(node.matches('button, input, label') && node.checkVisibility({ visibilityProperty: true }) ? [node] : []),
    ...(node.shadowRoot ? controls(node.shadowRoot) : []),
  ]);
}
const controlsOf = (element: Element): HTMLElement[] => controls(element.shadowRoot!);
const named = (element: Element, name: string): HTMLElement =>
  controlsOf(element).find((one) => (one.ariaLabel ?? one.textContent).includes(name))!;
const settle = async (): Promise<void> => {
  await nextFrame();
  await nextFrame();
};

describe('in a card that is a link with a click handler', () => {
  beforeEach(() => setViewport(1000, 800));

  for (const [name] of kinds) {
    it(`a click on any control of ${name} does not reach the card`, async () => {
      const count = controlsOf((await cardAround(name)).element).length;
      expect(count).to.be.greaterThan(0);
      for (let index = 0; index < count; index++) {
        const { element, done } = await cardAround(name);
        const control = controlsOf(element)[index]!;
        await click(control);
        await settle();
        expect(done(), control.outerHTML).to.deep.equal([]);
        element.remove();
      }
    });

    it(`Enter and Space on a control of ${name} do not reach the card`, async () => {
      const count = controlsOf((await cardAround(name)).element).length;
      for (let index = 0; index < count; index++)
        for (const key of ['Enter', 'Space']) {
          const { element, done } = await cardAround(name);
          const control = controlsOf(element)[index]!;
          control.focus();
          if (control.matches('label')) continue;
          await press(key);
          await settle();
          expect(done(), `${key}: ${control.outerHTML}`).to.deep.equal([]);
          element.remove();
        }
    });
  }

  it('a tap on a tag only opens its message', async () => {
    const { element, done } = await cardAround('campaign-status-tag');
    await tap(named(element, 'Error'));
    await until(() => textOf(element).includes('channel of Alpha'));
    expect(done()).to.deep.equal([]);
  });

  it('a press in an open message only reads, copies or closes it', async () => {
    const { element, done } = await cardAround('campaign-status-tag');
    await click(named(element, 'Error'));
    await settle();
    await click(element.shadowRoot!.querySelector('[part=popup-body]')!);
    await click(named(element, 'Copy'));
    await click(named(element, 'Close'));
    await settle();
    expect(done()).to.deep.equal([]);
  });

  it('answering a confirmation does not reach the card', async () => {
    const { element, store, done } = await cardAround('campaign-action-button');
    const confirm = (): HTMLElement => element.shadowRoot!.querySelector('[part=confirm]')!;
    await click(named(element, 'Force stop'));
    await click(confirm());
    await click(named(element, 'Keep as is'));
    await settle();
    expect([done(), store.performed]).to.deep.equal([[], []]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await click(named(element, 'Force stop'));
    await new Promise((resolve) => setTimeout(resolve, 600));
    await click(confirm().querySelector('[part=confirm-go]')!);
    await settle();
    expect([done(), store.performed]).to.deep.equal([[], [{ ref, action: 'force-stop' }]]);
  });

  it('a check box of a log is toggled by a press', async () => {
    const { element, done } = await cardAround('campaign-log');
    const box = controlsOf(element).find((one) => one.matches('[type=checkbox]')) as HTMLInputElement;
    const before = box.checked;
    await click(box);
    expect(box.checked).to.equal(!before);
    await click(box.closest('label')!);
    expect(box.checked).to.equal(before);
    expect(done()).to.deep.equal([]);
  });

  it('a press on inactive text of the kit reaches the card', async () => {
    const { element, done } = await cardAround('campaign-header');
    await click(element.shadowRoot!.querySelector('[part=name]')!);
    await settle();
    expect(done()).to.deep.equal(['click', 'navigated']);
  });

  it('a press on slotted content reaches the card', async () => {
    const { element, done } = await cardAround('campaign-header');
    const own = document.createElement('button');
    own.slot = 'actions';
    own.textContent = 'Edit';
    element.append(own);
    await settle();
    await click(own);
    expect(done()).to.include('click');
  });

  it('a listener of the host on the element itself receives the press', async () => {
    const { element } = await cardAround('campaign-status-tag');
    let received = 0;
    element.addEventListener('click', () => received++);
    await click(named(element, 'Error'));
    expect(received).to.equal(1);
  });
});
