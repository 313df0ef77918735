import { expect } from '@open-wc/testing';
import '../../src/define.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import { listView } from '../../src/store/data/list-query.ts';
import type { ListView, Live } from '../../src/store/index.ts';
import { Localizer } from '../../src/i18n/index.ts';
import { nextFrame } from '../setup/browser.ts';
import { html } from 'lit';
import { pseudo, unmarked } from './support/pseudo-locale.ts';
import { replaceTexts } from './support/replace-texts.ts';
import { renderWithStore } from './support/fixture.ts';
import { StubStore } from './support/stub-store.ts';
import { BehaviorSubject } from 'rxjs';

const flow = { system: 'flows', id: '1' };
const script = { system: 'python', id: '2' };

/** One campaign in its list, with every fact that an element may show. */
class FullStore extends StubStore {
  readonly #ids = new BehaviorSubject<ListView>(
    listView({ ids: [flow.id], total: 1, counts: new Map([['error', 1]]), complete: true }),
  );

  constructor() {
    super();
    const at = this.time - 120_000;
    const stale = { asOf: at, why: 'feed' } as const;
    const request = { action: 'start', since: at, phase: 'refused', reason: { code: 'unavailable' } } as const;
    const cause = { kind: 'channel', id: '3', name: '3' };
    this.show(flow, { status: 'error', name: '4', message: '5', at, changedBy: '6', cause, stale, request });
    this.show(script, { status: 'error', name: '7', message: '8', at });
    this.diagnose(flow, { dependencies: [{ ...cause, state: 'stopped' }], outlook: 'fails-again' });
    this.write(script, { entries: [{ text: '9', at, level: 'error' }], dropped: 3, state: 'lost' });
  }

  override list(): Live<ListView> {
    return this.#ids;
  }
}

describe('another language at run time', () => {
  for (const [what, open] of [
    ['with nothing open', () => {}],
    ['with a message open', (host) => host.querySelector('campaign-status-tag')!.open()],
    ['with an outcome open', (host) => within(host, '#refused', '.outcome').click()],
    ['with a confirmation open', (host) => host.querySelector<CampaignActionButton>('#forced')!.press()],
  ] as readonly (readonly [string, (host: Element) => void])[])
    for (const [where, disturb] of [
      ['', () => {}],
      [', on a page whose text nodes something else has replaced', replaceTexts],
    ] as const)
      it(`leaves no word of the one before, ${what}${where}`, async () => {
        const store = new FullStore();
        const host = await renderWithStore(
          store,
          html`
            <campaign-status-tag system="flows" campaign-id="1"></campaign-status-tag>
            <campaign-action-button id="refused" system="flows" campaign-id="1"></campaign-action-button>
            <campaign-action-button id="forced" system="python" campaign-id="2"></campaign-action-button>
            <campaign-header system="python" campaign-id="2" log-open></campaign-header>
            <recovery-guide system="flows" campaign-id="1"></recovery-guide>
            <campaign-list system="flows"></campaign-list>
          `,
        );
        await nextFrame();
        open(host);
        await nextFrame();
        disturb(host);
        host.set(store, new Localizer(pseudo));
        await nextFrame();
        await nextFrame();
        const elements = [...host.querySelectorAll('*')].filter(({ shadowRoot }) => shadowRoot);
        expect(elements).to.have.length(6);
        expect(elements.flatMap((element) => unmarked(element))).to.deep.equal([]);
      });
});

function within(root: Element, element: string, selector: string): HTMLElement {
  const found = root.querySelector(element)!.shadowRoot!.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector} in ${element}.`);
  return found;
}
