import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { tokens, type DesignToken } from '../../../src/tokens.ts';
import { contrastBudgets } from '../../support/elements/contrast-budgets.ts';
import {
  surface,
  themes,
  toneNames,
  tonesOf,
  type SurfaceName,
  type Theme,
  type ToneColors,
} from '../../support/elements/palette.ts';
import { propertiesOf } from '../../support/elements/theme-file.ts';

const folder = new URL('../../../themes/', import.meta.url);
const files = readdirSync(folder).sort();
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
const known = new Set(Object.values<DesignToken>(tokens).map(({ property }) => property as string | undefined));

/** The page of each design system, light and dark. */
const pages: Readonly<Record<string, readonly [string, string]>> = {
  'carbon.css': ['#ffffff', '#161616'],
  'fluent.css': ['#ffffff', '#292929'],
  'material.css': ['#fef7ff', '#141218'],
  'more-contrast.css': [surface('page', 'light'), surface('page', 'dark')],
  'primer.css': ['#ffffff', '#0d1117'],
  'tailwind.css': ['#ffffff', '#020618'],
  'web-awesome.css': ['#ffffff', '#101219'],
};

describe('the theme files', () => {
  it('are all measured here', () => assert.deepEqual(files, Object.keys(pages)));

  it('set tokens only, and those of other design systems leave the tones alone', () => {
    for (const file of files) {
      const names = [...propertiesOf(read(file), 'light').keys()];
      assert(names.length > 5, file);
      for (const name of names) assert(known.has(name), `${file}: ${name}`);
      if (file !== 'more-contrast.css')
        assert.deepEqual(
          names.filter((name) => name.startsWith('--campaign-tone-')),
          [],
        );
    }
  });
});

for (const file of files) {
  for (const theme of themes) {
    it(`${file} keeps every contrast budget on a ${theme} page`, () => {
      const budgets = contrastBudgets(colorsOf(file, theme));
      assert.equal(budgets.length, 12);
      for (const { what, worst, measured, least } of budgets)
        assert(measured >= least, `${what}: ${worst} has ${measured.toFixed(2)}, needs ${least}`);
    });
  }
}

/** The colours that the elements have with a theme file. */
function colorsOf(file: string, theme: Theme): Parameters<typeof contrastBudgets>[0] {
  const set = propertiesOf(read(file), theme);
  const color = (name: SurfaceName): string =>
    set.get(tokens[`color.${name}` as const].property) ?? surface(name, theme);
  const following = (name: 'focus' | 'link'): string => set.get(tokens[`color.${name}`].property) ?? color('accent');
  const defaults = tonesOf(theme);
  const tones = toneNames.map((tone) => {
    const roles = Object.entries(defaults[tone]).map(([role, value]) => [
      role,
      set.get(`--campaign-tone-${tone}-${role}`) ?? value,
    ]);
    return [tone, Object.fromEntries(roles) as ToneColors];
  });
  return {
    page: pages[file]![theme === 'light' ? 0 : 1],
    subtle: color('subtle'),
    raised: color('raised'),
    text: color('text'),
    muted: color('muted'),
    control: color('control'),
    accent: color('accent'),
    danger: color('danger'),
    focus: following('focus'),
    link: following('link'),
    tones: Object.fromEntries(tones) as typeof defaults,
  };
}
