import { expect, fixture, html } from '@open-wc/testing';
import { LitElement } from 'lit';
import { description, excerpt, oneLine, statusTexts, visibleText } from '../../src/elements/shared/text/status-text.ts';
import { positionPopup } from '../../src/elements/shared/popup/position-popup.ts';
import { popupStyles } from '../../src/elements/shared/popup/popup.styles.ts';
import { Popup, type PopupContent } from '../../src/elements/shared/popup/popup.ts';
import { theme } from '../../src/elements/shared/styles/theme.styles.ts';
import { english } from '../../src/i18n/index.ts';
import { hover, moveTo, pause, press, setViewport, until } from '../support/browser.ts';
import { expectSame } from '../support/elements/deep-equal.ts';

/** An element with two triggers: one that a press pins, and one that only shows a hint. */
class TwoTriggers extends LitElement {
  static override styles = [theme, popupStyles];
  readonly received: (string | undefined)[] = [];
  readonly popup = new Popup(
    this,
    (trigger): PopupContent | undefined =>
      this.texts[trigger.id] === undefined
        ? undefined
        : { label: 'label', head: trigger.id, body: this.texts[trigger.id], i18n: english, announce: () => {} },
    (mode) => this.received.push(mode),
  );
  texts: Record<string, string> = { pin: 'one', hint: 'two' };
  pinRemoved = false;

  protected override render() {
    return html`<button id="hint" data-popup="hint">a</button>${
        this.pinRemoved ? '' : html`<button id="pin" data-popup="pin" aria-expanded="false">b</button>`
      }`;
  }
}
customElements.define('two-triggers', TwoTriggers);

const part = (element: TwoTriggers, selector: string): HTMLElement | null =>
  element.shadowRoot!.querySelector(selector);
const panel = (element: TwoTriggers): HTMLElement | null => part(element, '.popup');

describe('popup', () => {
  const made = (): Promise<TwoTriggers> => fixture<TwoTriggers>(html`<two-triggers></two-triggers>`);

  it('goes over from one trigger to the other of the same element', async () => {
    const element = await made();
    await hover(part(element, '#pin')!);
    await until(() => panel(element)?.textContent?.includes('one'));
    await hover(part(element, '#hint')!);
    await until(() => panel(element)?.textContent?.includes('two'));
    expect(element.shadowRoot!.querySelectorAll('.popup').length).to.equal(1);
    expectSame(element.shadowRoot!.querySelector('[data-open]'), part(element, '#hint'));
  });

  it('does not open for a trigger that has nothing to say, and leaves a press on a hint alone', async () => {
    const element = await made();
    delete element.texts['pin'];
    part(element, '#pin')!.click();
    part(element, '#hint')!.click();
    expectSame(panel(element), null);
    expect(element.received).to.deep.equal([]);
  });

  it('does not open when the pointer only passes', async () => {
    const element = await made();
    await hover(part(element, '#pin')!);
    await moveTo(700, 500);
    await pause(350);
    expectSame(panel(element), null);
  });

  it('reports that it opens, is pinned and closes, once each', async () => {
    const element = await made();
    await hover(part(element, '#pin')!);
    await until(() => panel(element));
    part(element, '#pin')!.click();
    await press('Escape');
    expect(element.received).to.deep.equal(['hint', 'pinned', undefined]);
  });

  it('closes when its trigger is taken away', async () => {
    const element = await made();
    part(element, '#pin')!.click();
    element.pinRemoved = true;
    element.requestUpdate();
    await until(() => !panel(element), 'it to close');
    expect(element.popup.mode).to.equal(undefined);
  });

  it('is found beside its trigger where CSS can’t anchor it', async () => {
    await setViewport(600, 300);
    const supports = CSS.supports.bind(CSS);
    const [popup, trigger] = ['popup', 'trigger'].map((name) => {
      const element = document.createElement('div');
      element.id = name;
      element.style.cssText = 'position: fixed; width: 100px; height: 80px;';
      document.body.append(element);
      return element;
    }) as unknown as [HTMLElement, HTMLElement];
    try {
      CSS.supports = () => false;
      const leave = new AbortController();
      const move = (left: number, top: number): void => {
        Object.assign(trigger.style, { left: `${left}px`, top: `${top}px`, height: '20px' });
      };
      const box = (): number[] => {
        const { left, top, height } = popup.getBoundingClientRect();
        return [left, top, height];
      };
      const at = (left: number, top: number): number[] => {
        move(left, top);
        positionPopup(popup, trigger, leave.signal);
        return box();
      };
      expect(at(40, 40)).to.deep.equal([40, 66, 80]);
      expect(at(40, 250), 'above, where there is no room below').to.deep.equal([40, 164, 80]);
      expect(at(570, 40), 'not beyond the edge').to.deep.equal([500, 66, 80]);
      popup.style.height = '250px';
      expect(at(40, 120), 'no higher than the larger side').to.deep.equal([40, 146, 148]);
      expect(at(40, 160)).to.deep.equal([40, 6, 148]);
      popup.style.height = '80px';
      trigger.dir = 'rtl';
      expect(at(200, 40)).to.deep.equal([200, 66, 80]);
      move(200, 20);
      document.body.dispatchEvent(new Event('scroll'));
      expect(box(), 'goes along').to.deep.equal([200, 46, 80]);
      leave.abort();
      move(200, 40);
      document.body.dispatchEvent(new Event('scroll'));
      expect(box(), 'no longer').to.deep.equal([200, 46, 80]);
    } finally {
      CSS.supports = supports;
      popup.remove();
      trigger.remove();
    }
  });
});

describe('texts of a status', () => {
  const texts = { label: '', caveat: '', lead: '', next: '' };

  it('joins lines as sentences', () => {
    expect(oneLine('one\n\n  two.\nthree:\nfour')).to.equal('one. two. three: four');
    expect(oneLine('')).to.equal('');
    expect(oneLine('x\n'.repeat(1e6)).length).to.be.below(2000);
  });

  it('cuts at the end of a word, or anywhere where a language has no blanks, but never through a character', () => {
    expect(excerpt('one two three', 9)).to.equal('one two');
    expect(excerpt('one two', 7)).to.equal('one two');
    expect(excerpt('x'.repeat(50), 10)).to.equal('x'.repeat(10));
    expect(excerpt('😀'.repeat(50), 9)).to.equal('😀'.repeat(4));
  });

  it('keeps a long text within 240 characters even when it is stale', () => {
    const text = description(english, {
      ...texts,
      caveat: 'Last known status, true at 12:04:31. No newer status is available now.',
      lead: 'words '.repeat(500),
      next: 'Fix what the message names, then press Start.',
    });
    expect(text.length).to.be.at.most(240);
    expect(text).to.match(/^Last known.*… Open to read all of it\. Fix/);
  });

  it('leaves the tail of a text in order that would run backwards', () => {
    expect(visibleText('a\u202eb\u2069')).to.equal('a[U+202E]b[U+2069]');
    expect(visibleText('one\r\ntwo\rthree\u2028four')).to.equal('one\ntwo\nthree\nfour');
    expect(visibleText('\u0000\u001b[31mred\u009b\tx\n')).to.equal('[31mred\tx\n');
    expect(visibleText('שלום ✓ 😀')).to.equal('שלום ✓ 😀');
  });

  it('takes what has no shape for no text, but leaves it in a text', () => {
    for (const nothing of ['', ' \n\t', '\u200b\u200d\ufeff', '\u00ad\u2060', '\u0000\u001b'])
      expect(visibleText(nothing)).to.equal('');
    expect(visibleText('👩\u200d👧')).to.equal('👩\u200d👧');
    expect(visibleText(' .')).to.equal(' .');
  });

  it('has a label for a status without a word', () => {
    const view = { presence: 'present', status: '', known: false, message: '', name: '' } as never;
    expect(statusTexts(english, undefined, view).label).to.equal('No status');
  });
});
