import { expect } from '@open-wc/testing';
import { nextFrame, setViewport, until } from '../../support/browser.ts';
import { page } from './page.ts';
import { showing, textOf } from '../../support/elements/two-stores.ts';

describe('fault 25: a hostile text in one row', () => {
  it('is shown as text, and changes neither place nor direction of the other rows', async () => {
    await setViewport(1000, 800);
    const { around, backend } = await page({ alpha: 'running', middle: 'running', omega: 'running' });
    const list = around.appendChild(showing('campaign-list'));
    const rowOf = (index: number): HTMLElement =>
      list.shadowRoot!.querySelectorAll<HTMLElement>('[part="row"]')[index]!;
    await until(() => list.shadowRoot!.querySelectorAll('[part="row"]').length === 3);
    await nextFrame();
    /** The position of everything in a row, relative to the row, and its text direction. */
    const layout = (row: HTMLElement): unknown => {
      const from = row.getBoundingClientRect();
      return [...row.querySelectorAll('*')].map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        return [left - from.left, top - from.top, width, height, getComputedStyle(element).direction].join();
      });
    };
    const before = [layout(rowOf(0)), layout(rowOf(2))];
    const hostile = '<img src=x onerror="window.hacked = true">\u202Egnorw\u2066 \u0000\uD800 </div></td></table>';
    backend.campaigns.force(
      { system: 'python', id: 'middle' },
      { name: `middle ${hostile}`, status: 'error', message: `${hostile}\n`.repeat(50_000), changedBy: hostile },
    );
    await until(() => textOf(rowOf(1)).includes('<img'));
    await nextFrame();
    expect([layout(rowOf(0)), layout(rowOf(2))]).to.deep.equal(before);
    expect(list.shadowRoot!.querySelector('img')).to.equal(null);
    expect('hacked' in window).to.equal(false);
    expect(textOf(rowOf(1)), 'what turns text around is shown as a mark').not.to.match(/[\u202A-\u202E\u2066-\u2069]/);
  });
});
