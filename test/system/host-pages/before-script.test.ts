/** A page with elements in its markup whose script comes later: each status can be read before, and nothing moves afterwards. */
import { expect } from '@open-wc/testing';
import { flows, python, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { beforeScript } from '../../../tools/before-script.ts';
import { emulate, nextFrame } from '../../support/browser.ts';

const lifecycles: readonly Lifecycle[] = [flows, python];
const host = document.createElement('main');
const tags: HTMLElement[] = [];
const buttons: HTMLElement[] = [];
for (const { system, statuses, actions } of lifecycles)
  for (const density of ['comfortable', 'compact']) {
    const line = document.createElement('p');
    for (const [status, { label, action }] of Object.entries(statuses)) {
      tags.push(element('campaign-status-tag', { system, status, density }, label));
      line.append('A word, ', tags.at(-1)!);
      if (!action) continue;
      const { pending } = actions[action]!;
      buttons.push(element('campaign-action-button', { system, status, density }, `${pending}…`));
      line.append(', ', buttons.at(-1)!);
    }
    host.append(line);
  }
const unknownTag = element('campaign-status-tag', { system: 'flows', status: 'paused' }, 'paused');
const stale = element(
  'campaign-status-tag',
  { system: 'flows', status: 'active', 'stale-since': '2026-03-01' },
  'Active',
);
host.append(unknownTag, ' ', stale);

describe('elements in the markup, before their script', () => {
  let places: unknown;
  let looks: unknown;
  let read: unknown;
  let shifts = 0;
  const count = (entries: PerformanceEntryList): void => {
    for (const entry of entries) shifts += (entry as PerformanceEntry & { value: number }).value;
  };
  const observer = new PerformanceObserver((list) => count(list.getEntries()));

  before(async () => {
    const sheet = document.createElement('style');
    sheet.textContent = beforeScript;
    document.head.append(sheet);
    document.body.append(host);
    places = placesOf();
    looks = await inEachRendering(looksOf);
    read = tags.map((tag) => [tag.innerText, tag.getBoundingClientRect().width > 30]);
    observer.observe({ type: 'layout-shift', buffered: true });
    expect(customElements.get('campaign-status-tag')).to.equal(undefined);
    await import('../../../src/define.ts');
    await Promise.all(
      [...tags, ...buttons].map((one) => (one as HTMLElement & { updateComplete: unknown }).updateComplete),
    );
    await nextFrame();
  });

  after(() => host.remove());

  it('show the word of each status', () => {
    const words = lifecycles.flatMap(({ statuses }) => Object.values(statuses).map(({ label }) => [label, true]));
    expect(read).to.deep.equal([...words.slice(0, 3), ...words.slice(0, 3), ...words.slice(3), ...words.slice(3)]);
  });

  it('have the place and the size that they have afterwards, so that nothing moves', async () => {
    await nextFrame();
    expect(placesOf()).to.deep.equal(places);
    count(observer.takeRecords());
    expect(shifts).to.equal(0);
  });

  it('have the colours and the shape that they have afterwards: light, dark and in forced colours', async () => {
    expect(await inEachRendering(looksOf)).to.deep.equal(looks);
  });
});

function element(name: string, attributes: Readonly<Record<string, string>>, text: string): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.textContent = text;
  return made;
}

/** Where elements are, and how large, to a tenth of a pixel. */
function placesOf(): unknown {
  return [...tags, unknownTag, ...buttons].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [
      one.outerHTML.replace(/ ?style=""/, ''),
      ...[x, y, width, height].map((value) => Math.round(value * 10) / 10),
    ];
  });
}

/** What tags look like. Once they are defined, that is what their shadow trees look like. */
function looksOf(): unknown {
  return [...tags, unknownTag, stale].map((one) => {
    const shown = one.shadowRoot?.querySelector('.tag') ?? one;
    const { backgroundColor, color, borderTopColor, borderTopStyle, borderTopLeftRadius } = getComputedStyle(shown);
    const { clipPath, backgroundColor: iconColor, width } = getComputedStyle(shown, '::before');
    return { backgroundColor, color, borderTopColor, borderTopStyle, borderTopLeftRadius, clipPath, iconColor, width };
  });
}

async function inEachRendering(look: () => unknown): Promise<unknown> {
  const looks: unknown[] = [];
  for (const scheme of ['light', 'dark']) {
    host.style.colorScheme = scheme;
    looks.push(look());
  }
  host.style.colorScheme = '';
  await emulate({ forcedColors: 'active' });
  looks.push(look());
  await emulate({});
  return looks;
}
