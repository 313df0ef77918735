import { expect, fixture, html } from '@open-wc/testing';
import { flows } from '../../../src/lifecycle/index.ts';
import type { CampaignProvider } from '../../../src/provider/campaign-provider.ts';
import { axNode, nextFrame, until } from '../../support/browser.ts';
import { textOf } from '../../support/elements/two-stores.ts';
import { everyElement, propertiesOf } from '../../support/elements/every-element.ts';
import { StubStore } from '../../support/elements/stub-store.ts';
import '../../support/elements/load-layers.ts';

const unprintable = Object.assign(Object.create(null) as object, {
  toString: () => {
    throw new Error('unprintable');
  },
});
/** What pages assign by mistake. */
const odd: readonly (readonly [what: string, value: unknown])[] = [
  ['0', 0],
  ['NaN', NaN],
  ['550', 550],
  ['true', true],
  ['false', false],
  ['an empty text', ''],
  ['a text', 'odd'],
  ['a list', ['odd', 1, null]],
  ['an object', { odd: [1] }],
  ['an Error', new Error('odd')],
  ['a date', new Date(0)],
  ['an invalid date', new Date(NaN)],
  ['a function', () => 'odd'],
  ['a symbol', Symbol('odd')],
  ['a bigint', 10n],
  ['an object that can’t be printed', unprintable],
];

type Anything = HTMLElement & Record<string, unknown> & { updateComplete: Promise<unknown> };
const shown = (element: Element): string => textOf(element.shadowRoot!).replace(/\s+/g, ' ').trim();

/** An element without a provider, with something to show. */
async function plain(name: string): Promise<Anything> {
  const element = document.createElement(name) as unknown as Anything;
  const store = new StubStore();
  store.show({ system: 'flows', id: 'spring' }, { status: 'active', name: 'Spring sale' });
  const facts: Record<string, unknown> = {
    system: 'flows',
    status: 'active',
    name: 'Spring sale',
    campaignId: 'spring',
  };
  if (/list|log/.test(name)) facts['store'] = store;
  for (const [property, value] of Object.entries(facts)) if (property in element) element[property] = value;
  (await fixture(html`<div></div>`)).append(element);
  await element.updateComplete;
  return element;
}

for (const name of everyElement)
  describe(`${name}, given an unexpected value`, () => {
    const properties = propertiesOf(document.createElement(name));
    const { error } = console;
    // The provider reports what can't be used; other tests read those reports.
    before(() => (console.error = () => {}));
    after(() => (console.error = error));

    for (const [property, standard] of Object.entries(properties))
      it(`treats null and undefined as no ${property}`, async () => {
        const element = await plain(name);
        const before = propertiesOf(element)[property];
        for (const none of [null, undefined]) {
          element[property] = 'odd';
          element[property] = none;
          await element.updateComplete;
          expect(element[property], String(none)).to.deep.equal(standard);
        }
        if (before !== standard) return;
        expect(shown(element), 'shows what it shows by default').to.equal(shown(await plain(name)));
      });

    for (const property of Object.keys(properties))
      it(`keeps working whatever is assigned to ${property}`, async () => {
        for (const [what, value] of odd) {
          const element = await plain(name);
          const before = propertiesOf(element)[property];
          element[property] = value;
          await element.updateComplete;
          if ('status' in properties && property !== 'status') element['status'] = 'error';
          await element.updateComplete;
          const text = shown(element);
          if (name !== 'campaign-provider') expect(text, what).not.to.equal('');
          if ('status' in properties && property !== 'status') expect(text, what).not.to.match(/\bActive\b/);
          element[property] = before;
          element['status'] = 'active';
          await element.updateComplete;
          expect(element.updateComplete, what).to.be.a('promise');
          element.remove();
        }
      });
  });

describe('values of another type', () => {
  const tag = () => plain('campaign-status-tag');

  it('are shown as text: numbers, errors, URLs and plain objects', async () => {
    const element = await tag();
    for (const [message, text] of [
      [550, '550'],
      [new Error('Channel is down.'), 'Channel is down.'],
      [{ message: 'Quota exceeded.', code: 7 }, 'Quota exceeded.'],
      [{ code: 7 }, '{"code":7}'],
      [new URL('https://example.com/'), 'https://example.com/'],
    ] as const) {
      Object.assign(element, { status: 'error', message });
      await element.updateComplete;
      expect(element['message']).to.equal(text);
      expect(shown(element)).to.contain(text).and.to.contain('Error').and.not.to.contain('Active');
    }
  });

  it('are ids where an id is a number', async () => {
    const store = new StubStore();
    store.show({ system: 'flows', id: '0' }, { status: 'active', name: 'Number zero' });
    const element = await plain('campaign-header');
    Object.assign(element, { store, campaignId: 0 });
    await until(() => shown(element).includes('Number zero'));
  });

  it('select the row of a list whose id is a number', async () => {
    const element = await plain('campaign-list');
    element['selected'] = 42;
    await element.updateComplete;
    expect(element['selected']).to.equal('42');
  });

  it('are prerequisites as a list', async () => {
    const element = await plain('campaign-action-button');
    for (const missing of [['active-flow'], new Set(['active-flow']), 'active-flow']) {
      Object.assign(element, { status: 'inactive', missing });
      await element.updateComplete;
      const { description, states } = await axNode({ role: 'button', name: 'Start Spring sale' });
      expect(description).to.match(/^Waits for an active flow/);
      expect(states['disabled']).to.equal(true);
    }
    Object.assign(element, { missing: [] });
    await element.updateComplete;
    expect((await axNode({ role: 'button', name: 'Start Spring sale' })).states['disabled']).not.to.equal(true);
  });

  it('are times: a year, a date, ms as a number or as text', async () => {
    const element = await tag();
    const at = Date.UTC(2024, 0, 1);
    for (const time of ['2024', '2024-01-01', '2024-01-01T00:00:00Z', at, String(at), new Date(at)]) {
      element.setAttribute('stale-since', '');
      Object.assign(element, { at: time, staleSince: time });
      const { view } = element as unknown as { view: { at: number; stale: { asOf: number } } };
      expect([view.at, view.stale.asOf], String(time)).to.deep.equal([at, at]);
    }
    element.setAttribute('at', '2024');
    expect((element as unknown as { view: { at: number } }).view.at).to.equal(at);
  });

  it('that are no time are never shown as 1970', async () => {
    const element = await tag();
    for (const none of [null, undefined, '', false]) {
      Object.assign(element, { at: none, staleSince: none });
      await element.updateComplete;
      expect(shown(element), String(none)).not.to.match(/1970|Last known/);
    }
  });

  it('that make the last known time unknown show the problem in place of it', async () => {
    const element = await tag();
    element.setAttribute('stale-since', 'last week');
    await element.updateComplete;
    expect(shown(element)).to.contain('`staleSince`').and.not.to.contain('Active');
    element.removeAttribute('stale-since');
    await element.updateComplete;
    expect(shown(element)).to.contain('Active');
  });

  it('are used in a query only where they are valid', async () => {
    const element = await plain('campaign-list');
    element['query'] = { statuses: 'active', text: 42, sort: 'size', descending: 1 };
    expect(element['query']).to.deep.equal({ statuses: ['active'], text: '42', descending: true });
    element['query'] = { statuses: null, text: null, sort: null, descending: null };
    expect(element['query']).to.deep.equal({});
    const whole = { statuses: ['active'], text: 'spring', sort: 'at', descending: true };
    element['query'] = whole;
    expect(element['query'], 'is what the host gave').to.equal(whole);
  });

  for (const [name, property] of [
    ['campaign-status-tag', 'store'],
    ['campaign-action-button', 'store'],
    ['campaign-header', 'lifecycle'],
    ['campaign-list', 'query'],
    ['campaign-log', 'store'],
    ['recovery-guide', 'lifecycle'],
    ['campaign-provider', 'store'],
    ['campaign-provider', 'lifecycles'],
    ['campaign-provider', 'routes'],
    ['campaign-provider', 'translations'],
    ['campaign-provider', 'report'],
  ] as const)
    it(`that are no valid ${property} of ${name} show the problem in place, until a valid one is set`, async () => {
      const element = await plain(name);
      const before = element[property];
      for (const value of [42, 'odd']) {
        element[property] = value;
        await element.updateComplete;
        expect(shown(element)).to.contain(`\`${property}\` of <${name}>`);
      }
      element[property] = before;
      await element.updateComplete;
      expect(shown(element)).not.to.contain(`\`${property}\` of`);
    });

  it('that are no adapter leave the content without a backend, whatever its src', async () => {
    const provider = await fixture<CampaignProvider>(html`
      <campaign-provider src="/api">
        <campaign-status-tag system="flows" campaign-id="spring"></campaign-status-tag>
      </campaign-provider>
    `);
    Object.assign(provider, { adapter: {} });
    await nextFrame();
    expect(shown(provider)).to.contain('adapter.watch must be a function');
    expect(provider.currentStore).to.equal(undefined);
    expect(shown(provider.querySelector('campaign-status-tag')!)).to.contain('no backend');
  });

  it('are not used as a route', async () => {
    const store = new StubStore();
    store.show(
      { system: 'flows', id: 'spring' },
      { status: 'inactive', name: 'Spring sale', missing: ['active-flow'] },
    );
    for (const flowsPage of [null, undefined, 42, {}]) {
      const provider = await fixture<CampaignProvider>(html`<campaign-provider .store=${store}></campaign-provider>`);
      Object.assign(provider, { routes: { flows: flowsPage } });
      const button = provider.appendChild(document.createElement('campaign-action-button'));
      Object.assign(button, { system: 'flows', campaignId: 'spring' });
      await nextFrame();
      button.press();
      await until(() => shown(button).includes('Open flows'));
      if (flowsPage === null) expect(button.shadowRoot!.querySelector('a')).to.equal(null);
      provider.remove();
    }
  });

  it('in a list of lifecycles: an invalid one is reported, a valid one is accepted', async () => {
    const provider = await fixture<CampaignProvider>(
      html`<campaign-provider .store=${new StubStore()}></campaign-provider>`,
    );
    Object.assign(provider, { lifecycles: [flows, null] });
    await provider.updateComplete;
    expect(shown(provider)).to.contain('`lifecycles`');
    provider.lifecycles = [flows];
    await provider.updateComplete;
    expect(shown(provider)).to.equal('');
  });
});
