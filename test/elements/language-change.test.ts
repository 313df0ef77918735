import { expect } from '@open-wc/testing';
import '../../src/define.ts';
import type { CampaignActionButton } from '../../src/elements/campaign-action-button/campaign-action-button.ts';
import { listView } from '../../src/store/data/list-view.ts';
import type { ListView, Live } from '../../src/store/index.ts';
import { ar } from '../../src/i18n/ar.ts';
import { de } from '../../src/i18n/de.ts';
import { Localizer, localizerOf } from '../../src/i18n/index.ts';
import { ja } from '../../src/i18n/ja.ts';
import type { CampaignProvider } from '../../src/provider/campaign-provider.ts';
import { nextFrame, until } from '../support/browser.ts';
import { fixture } from '@open-wc/testing';
import { html } from 'lit';
import { pseudo, unmarked } from '../support/elements/pseudo-locale.ts';
import { replaceTexts } from '../support/elements/replace-texts.ts';
import { renderWithStore } from '../support/elements/fixture.ts';
import { StubStore } from '../support/elements/stub-store.ts';
import '../support/elements/load-layers.ts';
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

/** Words that stay as they are in any language. */
const NAMES = ['Data Load', 'Python', 'ID'];

describe('a provider', () => {
  async function page(store: FullStore): Promise<CampaignProvider> {
    return fixture<CampaignProvider>(
      html`<campaign-provider .store=${store} .translations=${de}>
        <campaign-status-tag system="flows" campaign-id="1"></campaign-status-tag>
        <campaign-header system="python" campaign-id="2" log-open></campaign-header>
        <recovery-guide system="flows" campaign-id="1"></recovery-guide>
        <campaign-list system="flows"></campaign-list>
      </campaign-provider>`,
    );
  }
  const elementsOf = (root: Element): Element[] => [...root.children];

  for (const language of [ar, ja])
    it(`changes every word to the language ${language.lang} at run time, with its direction, and reconnects nothing`, async () => {
      const store = new FullStore();
      const provider = await page(store);
      await until(() => elementsOf(provider).every((element) => element.getAttribute('lang') === 'de'));
      await nextFrame();
      const shown = elementsOf(provider).map((element) => element.shadowRoot!.querySelector('*'));

      provider.translations = language;
      await nextFrame();
      await nextFrame();
      expect(elementsOf(provider).flatMap((element) => unmarked(element, NAMES))).to.deep.equal([]);
      for (const element of elementsOf(provider)) {
        expect(element.getAttribute('lang')).to.equal(language.lang);
        expect(getComputedStyle(element).direction).to.equal(language === ar ? 'rtl' : 'ltr');
      }
      expect(elementsOf(provider).map((element) => element.shadowRoot!.querySelector('*'))).to.deep.equal(shown);

      provider.translations = undefined;
      await nextFrame();
      for (const element of elementsOf(provider)) {
        expect(element.hasAttribute('lang')).to.equal(false);
        expect(element.hasAttribute('dir')).to.equal(false);
      }
    });

  it('changes dates and times to another time zone at run time', async () => {
    const store = new FullStore();
    const provider = await page(store);
    const at = store.time - 120_000;
    const title = (): string | null =>
      provider.querySelector('recovery-guide')!.shadowRoot!.querySelector('time')!.getAttribute('title');
    const inTokyo = localizerOf(de, 'Asia/Tokyo').dateTime(at);
    const inDenver = localizerOf(de, 'America/Denver').dateTime(at);
    expect(inTokyo).not.to.equal(inDenver);
    provider.timeZone = 'Asia/Tokyo';
    await until(() => title() === inTokyo);
    provider.setAttribute('time-zone', 'America/Denver');
    await until(() => title() === inDenver);
  });
});

describe('an element with its own language', () => {
  it('shows and marks it, also in the elements inside it; its neighbours keep the provider’s', async () => {
    const store = new FullStore();
    const provider = await fixture(
      html`<campaign-provider .store=${store} .translations=${ja}>
        <campaign-status-tag system="flows" campaign-id="1"></campaign-status-tag>
        <campaign-header system="python" campaign-id="2" log-open .translations=${ar}></campaign-header>
      </campaign-provider>`,
    );
    await nextFrame();
    const [tag, header] = [...provider.children] as [Element, Element];
    expect(tag.shadowRoot!.textContent).to.contain(ja.terms['flows.statuses.error.label']);
    expect(tag.getAttribute('lang')).to.equal('ja');
    expect(header.getAttribute('lang')).to.equal('ar');
    expect(header.getAttribute('dir')).to.equal('rtl');
    expect(unmarked(header, NAMES)).to.deep.equal([]);
    const inner = header.shadowRoot!.querySelector('campaign-status-tag')!;
    expect(inner.shadowRoot!.textContent).to.contain(ar.terms['python.statuses.error.label']);
    expect(inner.hasAttribute('lang')).to.equal(false);
  });
});

describe('lang and dir', () => {
  async function tag(page: { lang?: string; dir?: string }, set: object = {}): Promise<HTMLElement> {
    const around = document.createElement('div');
    Object.assign(around, page);
    const element = Object.assign(
      document.createElement('campaign-status-tag'),
      { system: 'flows', status: 'active' },
      set,
    );
    around.append(element);
    await fixture(html`${around}`);
    await element.updateComplete;
    return element;
  }
  const marks = ({ lang, dir }: HTMLElement): string => `${lang} ${dir}`.trim();

  for (const [what, page, set, expected] of [
    ['are not set where the page is in the same language', { lang: 'de' }, { translations: de }, ''],
    ['are not set where the page is in a region of the language', { lang: 'de-AT' }, { translations: de }, ''],
    ['are set where the page is in another language and direction', { lang: 'de' }, { translations: ar }, 'ar rtl'],
    ['are set on a page from right to left', { lang: 'ar', dir: 'rtl' }, { translations: de }, 'de ltr'],
    ['name English on a German page, in the direction of the page', { lang: 'de', dir: 'rtl' }, {}, 'en'],
    ['are not set for English on a page that names no language', {}, {}, ''],
    ['stay as the host has set them', { lang: 'de' }, { translations: ar, lang: 'ar-EG', dir: 'ltr' }, 'ar-EG ltr'],
  ] as const)
    it(what, async () => {
      expect(marks(await tag(page, set))).to.equal(expected);
    });
});

function within(root: Element, element: string, selector: string): HTMLElement {
  const found = root.querySelector(element)!.shadowRoot!.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector} in ${element}.`);
  return found;
}
