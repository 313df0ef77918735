import { expect, html } from '@open-wc/testing';
import '../../src/define.ts';
import { nextFrame } from '../support/browser.ts';
import { renderWithStore } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';

const flow = { system: 'flows', id: 'spring' };
const script = { system: 'python', id: 'winter' };

/** The horizontal positions of the first and the last letter or digit of a text. */
function ends(element: Element): readonly [first: number, last: number] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const places: number[] = [];
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    for (let index = 0; index < text.length; index++) {
      if (!/[\p{L}\p{N}.:…]/u.test(text.data[index]!)) continue;
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      places.push(range.getBoundingClientRect().left);
    }
  }
  if (places.length < 2) throw new Error(`There is no text in ${element.outerHTML}.`);
  return [places[0]!, places.at(-1)!];
}

describe('a language with another direction than the page’s', () => {
  for (const [name, parts, facts] of [
    ['campaign-header', ['[part=notice] > span'], { presence: 'gone', goneReason: 'archived' }],
    ['recovery-guide', ['.heading', '.progress', '.step .text', '.step .note > span', '.cause > span'], {}],
    ['campaign-action-button', ['.face:last-child span:not(.visually-hidden)'], {}],
    ['campaign-list', ['.gap .words'], {}],
    ['campaign-log', ['.missing > span', '.lost > span'], {}],
  ] as const)
    it(`sets its own direction in ${name}`, async () => {
      const store = new StubStore();
      const cause = { kind: 'channel', id: 'sms', name: 'SMS' };
      for (const ref of [flow, script])
        store.show(ref, { status: 'error', name: 'X', message: 'broken', cause, ...facts });
      store.write(script, { entries: [{ text: 'line' }], dropped: 3, state: 'lost' });
      const host = await renderWithStore(
        store,
        html`<div dir="rtl" style="inline-size: 700px">
          <campaign-header system="flows" campaign-id="spring"></campaign-header>
          <recovery-guide system="python" campaign-id="winter"></recovery-guide>
          <campaign-action-button system="flows" campaign-id="spring"></campaign-action-button>
          <campaign-list system="flows"></campaign-list>
          <campaign-log system="python" campaign-id="winter"></campaign-log>
        </div>`,
      );
      await nextFrame();
      const root = host.querySelector(name)!.shadowRoot!;
      for (const selector of parts) {
        const all = [...root.querySelectorAll(selector)];
        expect(all.length, selector).to.be.greaterThan(0);
        for (const element of all) {
          const [first, last] = ends(element);
          expect(first, `the beginning of "${element.textContent.trim()}"`).to.be.below(last);
        }
      }
    });
});
