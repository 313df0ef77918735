/** The engine log inside header and guide: its code is loaded when it is opened first. */
import { expect, html } from '@open-wc/testing';
import '../../src/elements/campaign-header/define.ts';
import '../../src/elements/recovery-guide/define.ts';
import { logChunk } from '../../src/elements/campaign-log/log-part.ts';
import { click, until } from '../support/browser.ts';
import { renderWithStore } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';

describe('the engine log inside another element', () => {
  it('is loaded when it is opened, and offers to try again if that fails', async () => {
    const { load } = logChunk;
    logChunk.load = () => Promise.reject(new TypeError('no network'));
    const ref = { system: 'python', id: 'winter' };
    const store = new StubStore();
    store.show(ref, { status: 'error', name: 'Winter tyres', message: 'No.', missing: [] });
    store.write(ref, { entries: [{ text: 'one' }], dropped: 0, state: 'live' });
    const host = await renderWithStore(
      store,
      html`<campaign-header system="python" campaign-id="winter"></campaign-header>
        <recovery-guide system="python" campaign-id="winter"></recovery-guide>`,
    );
    const shadows = ['campaign-header', 'recovery-guide'].map((name) => host.querySelector(name)!.shadowRoot!);
    expect(customElements.get('campaign-log'), 'before').to.equal(undefined);

    for (const shadow of shadows) await click(shadow.querySelector('[part=log-button]')!);
    const notes = (): (Element | undefined)[] =>
      shadows.map((shadow) =>
        [...shadow.querySelectorAll('.note')].find(({ textContent }) =>
          /The log could not be loaded\./.test(textContent),
        ),
      );
    await until(() => notes().every(Boolean), 'both say that it failed');
    expect(store.observers('log')).to.equal(0);

    logChunk.load = load;
    for (const [index, note] of notes().entries()) {
      await click(note!.querySelector('button')!);
      await until(() => !note!.isConnected, 'the log is there');
      expect(shadows[index]!.activeElement, 'what has the focus afterwards').not.to.equal(null);
    }
    for (const shadow of shadows)
      await until(() => shadow.querySelector('campaign-log')?.shadowRoot?.textContent?.includes('one'), 'its lines');
  });
});
