import { expect, fixture, html } from '@open-wc/testing';
import { iconPath, icons } from '../../src/elements/shared/icons/shapes.ts';
import { icon } from '../../src/elements/shared/templates/icons.ts';
import '../../src/elements/campaign-status-tag/define.ts';
import { flows, ICONS, python, type IconPath, type Lifecycle } from '../../src/lifecycle/index.ts';
import type { CampaignView } from '../../src/store/types.ts';
import * as engines from '../support/lifecycles/index.ts';
import { mailings } from '../support/elements/six-statuses.ts';

const SIZE = 32;

type Shape = string | IconPath;

/** The pixels that a shape covers, as the browser renders it. */
function pixels(name: Shape): Float64Array {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(SIZE / 16, SIZE / 16);
  context.fill(new Path2D(iconPath(name)), 'evenodd');
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  return Float64Array.from({ length: SIZE * SIZE }, (_, index) => data[4 * index + 3]! / 255);
}

/** How much of two shapes is the same: 0 nothing, 1 all. */
function overlap(one: Shape, other: Shape): number {
  const [a, b] = [pixels(one), pixels(other)];
  let [both, either] = [0, 0];
  a.forEach((value, index) => {
    both += Math.min(value, b[index]!);
    either += Math.max(value, b[index]!);
  });
  return both / either;
}

/** A view of a status with this icon. */
const viewWith = (icon: string): CampaignView => ({
  ref: { system: 'flows', id: 'a' },
  presence: 'present',
  status: 'active',
  known: true,
  tone: 'green',
  icon: icon as CampaignView['icon'],
  actions: [],
  name: '',
  message: '',
  truncated: false,
});

const pairs = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((one, index) => items.slice(index + 1).map((other): [T, T] => [one, other]));

describe('icons', () => {
  it('has a shape for every name a lifecycle may use, and a question mark for any other word', () => {
    for (const name of ICONS) expect(icons.has(name), name).to.equal(true);
    for (const name of ['', 'constructor', '__proto__', 'smiley']) expect(iconPath(name)).to.equal(iconPath('unknown'));
  });

  it('draws each within the grid, and not a hint of a shape', () => {
    for (const [name] of icons) {
      const covered = pixels(name).reduce((sum, value) => sum + value, 0) / SIZE ** 2;
      expect(covered, name).to.be.within(0.08, 0.7);
    }
  });

  // `defineLifecycle` compares outlines. Only pixels show whether a host's icons look alike.
  for (const lifecycle of [flows, python, mailings, ...Object.values(engines)] as Lifecycle[]) {
    it(`${lifecycle.system}: no two shapes cover mostly the same, the question mark among them`, () => {
      const used = Object.values(lifecycle.statuses).map(({ icon }) => icon);
      for (const [one, other] of pairs<Shape>([...used, 'unknown']))
        expect(overlap(one, other), JSON.stringify([one, other])).to.be.at.most(0.6);
    });
  }

  it('tells any two shapes apart, but for the two octagons, which are one sign in two systems', () => {
    for (const [one, other] of pairs([...ICONS, 'unknown']))
      if (!(one.startsWith('octagon') && other.startsWith('octagon')))
        expect(overlap(one, other), `${one} and ${other}`).to.be.at.most(0.6);
    expect(overlap('octagon-bang', 'octagon-cross')).to.be.below(1);
  });

  it('draws the same shape before the words of a tag as in an svg', async () => {
    for (const [name] of icons) {
      const tag = await fixture(html`<campaign-status-tag .view=${viewWith(name)}></campaign-status-tag>`);
      const { clipPath } = getComputedStyle(tag.shadowRoot!.querySelector('[part=tag]')!, '::before');
      const points = [...clipPath.matchAll(/([\d.]+)% ([\d.]+)%/g)].map(
        ([, x, y]) => `${Number(x) / 6.25} ${Number(y) / 6.25}`,
      );
      const drawn: Shape = name === 'unknown' ? 'smiley' : name;
      expect(overlap({ path: `M${points.join(' ')}Z` }, drawn), name).to.be.above(0.99);
    }
  });

  it('draws one path that says nothing and cannot be focused', async () => {
    const svg = (await fixture(html`<div>${icon('play')}</div>`)).querySelector('svg')!;
    expect(svg.getAttribute('aria-hidden')).to.equal('true');
    expect(svg.getAttribute('focusable')).to.equal('false');
    expect(svg.children.length).to.equal(1);
    expect(svg.firstElementChild!.getAttribute('d')).to.equal(iconPath('play'));
  });
});
