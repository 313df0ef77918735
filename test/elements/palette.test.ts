import { expect } from '@open-wc/testing';
import { flows, python, type Lifecycle, type Tone } from '../../src/lifecycle/index.ts';
import {
  ciede2000,
  contrast,
  lab,
  linear,
  oklch,
  seenAs,
  VISIONS,
  type Rgb,
  type Vision,
} from '../support/elements/colour.ts';
import {
  surface,
  themes,
  toneColors,
  toneNames,
  type SurfaceName,
  type Theme,
  type ToneName,
} from '../support/elements/palette.ts';
import { mailings } from '../support/elements/six-statuses.ts';

const visions = Object.keys(VISIONS) as Vision[];
const ground = (name: SurfaceName | 'page', theme: Theme): Rgb => linear(surface(name, theme));

const difference = (one: ToneName, other: ToneName, scheme: Theme, vision: Vision): number => {
  const seen = (tone: ToneName): Rgb => lab(seenAs(vision, linear(toneColors(tone, scheme).ic)));
  return ciede2000(seen(one), seen(other));
};
/** Every pair of tones that two statuses of one lifecycle use. */
const pairsOf = (lifecycle: Lifecycle): [Tone, Tone][] => {
  const worn = [...new Set(Object.values(lifecycle.statuses).map(({ tone }) => tone))];
  return worn.flatMap((one, index) => worn.slice(index + 1).map((other): [Tone, Tone] => [one, other]));
};

describe('palette', () => {
  it('is measured rightly: pairs published with the formula, and the ends of the contrast scale', () => {
    // From the table of test data in "The CIEDE2000 Color-Difference Formula" (Sharma, Wu, Dalal 2005).
    const published: [Rgb, Rgb, number][] = [
      [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
      [[50, 2.49, -0.001], [50, -2.49, 0.0011], 7.2195],
      [[50, 2.5, 0], [73, 25, -18], 27.1492],
      [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    ];
    for (const [one, other, expected] of published) expect(ciede2000(one, other)).to.be.closeTo(expected, 0.00005);
    expect(contrast(linear('#000000'), linear('#ffffff'))).to.be.closeTo(21, 0.001);
    expect(lab(linear('#ffffff')).map(Math.round)).to.deep.equal([100, 0, 0]);
    for (const vision of visions)
      expect(contrast(seenAs(vision, linear('#808080')), linear('#808080'))).to.be.closeTo(1, 0.01);
  });

  for (const scheme of themes) {
    describe(scheme, () => {
      for (const tone of toneNames) {
        it(`${tone}: text 6.5 on its tint, icon 3 on tint, page and raised, for every eye`, () => {
          const { bg, fg, ic } = toneColors(tone, scheme);
          expect(contrast(linear(fg), linear(bg)), 'text').to.be.at.least(6.5);
          for (const vision of visions) {
            const seen = (rgb: Rgb): Rgb => seenAs(vision, rgb);
            for (const [name, behind] of [
              ['tint', linear(bg)],
              ['page', ground('page', scheme)],
              ['raised', ground('raised', scheme)],
            ] as const)
              expect(contrast(seen(linear(ic)), seen(behind)), `${vision}, on ${name}`).to.be.at.least(3);
          }
        });
      }

      it('tells any two tones of one lifecycle apart by 14, for every eye', () => {
        for (const lifecycle of [flows, python, mailings] as Lifecycle[])
          for (const [one, other] of pairsOf(lifecycle))
            for (const vision of visions)
              expect(difference(one, other, scheme, vision), `${one} and ${other}, ${vision}`).to.be.at.least(14);
      });

      it('tells any two tones at all apart by 7', () => {
        const all = toneNames.filter((tone) => tone !== 'neutral');
        for (const [index, one] of all.entries())
          for (const other of all.slice(index + 1))
            for (const vision of visions)
              expect(difference(one, other, scheme, vision), `${one} and ${other}, ${vision}`).to.be.at.least(7);
      });

      it('keeps green away from red for those who see no green: by hue and by lightness', () => {
        const green = oklch(linear(toneColors('green', scheme).ic));
        const red = oklch(linear(toneColors('red', scheme).ic));
        expect(green.hue).to.be.within(155, 168);
        expect(green.lightness - red.lightness).to.be.at.least(0.1);
      });

      it('has legible surfaces: text, muted text, lines of controls, danger, focus', () => {
        const on = (name: SurfaceName, behind: SurfaceName | 'page'): number =>
          contrast(ground(name, scheme), ground(behind, scheme));
        for (const behind of ['page', 'subtle', 'raised'] as const) {
          expect(on('text', behind), `text on ${behind}`).to.be.at.least(7);
          expect(on('muted', behind), `muted on ${behind}`).to.be.at.least(4.5);
          expect(on('control', behind), `control on ${behind}`).to.be.at.least(3);
          expect(on('focus', behind), `focus on ${behind}`).to.be.at.least(3);
          expect(on('danger', behind), `danger on ${behind}`).to.be.at.least(4.5);
        }
        expect(on('on-danger', 'danger')).to.be.at.least(4.5);
        for (const tone of toneNames)
          expect(
            contrast(ground('focus', scheme), linear(toneColors(tone, scheme).bg)),
            `focus on ${tone}`,
          ).to.be.at.least(3);
      });
    });
  }
});
