import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { baseTokens } from '../../../src/elements/shared/styles/base-tokens.styles.ts';
import { controlTokens } from '../../../src/elements/shared/styles/control-tokens.styles.ts';
import { panelTokens } from '../../../src/elements/shared/styles/panel-tokens.styles.ts';
import { styles as tagStyles } from '../../../src/elements/campaign-status-tag/campaign-status-tag.styles.ts';
import { tokens, type DesignToken } from '../../../src/tokens.ts';

interface CssProperty {
  readonly name: string;
  readonly default?: string;
  readonly description?: string;
}
interface Manifest {
  readonly modules: readonly {
    readonly declarations?: readonly { readonly cssProperties?: readonly CssProperty[] }[];
  }[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const names = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, name = '']) => name);

const source = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && path !== 'tokens.ts')
  .map((path) => read(join('src', path)))
  .join('\n');

/** Of the tokens: each custom property and its default. */
const ofTokens = new Map<string, string>(
  Object.values<DesignToken>(tokens).flatMap(({ property, light, dark, compact }) => {
    const value = light === dark ? light : `light-dark(${light}, ${dark})`;
    return [
      ...(property ? [[property, value] as const] : []),
      ...(compact ? [[compact.property, compact.value] as const] : []),
    ];
  }),
);
/** Those that single elements have besides, by the comments of their classes. */
const ofElements = names(source, /@cssproperty \[(--[\w-]+)=/g);
const expected = sorted([...ofTokens.keys(), ...ofElements]);

describe('the custom properties of the kit', () => {
  it('are those that its style sheets read, each defined once', () => {
    const readHere = names(source, /var\(\s*(--campaign-[\w-]+)/g);
    assert.deepEqual(sorted(readHere), expected);
    assert.deepEqual(
      ofElements.filter((name) => ofTokens.has(name)),
      [],
    );
    const defaults = names([baseTokens, controlTokens, panelTokens].join(''), /var\((--campaign-[\w-]+),/g);
    assert.deepEqual(sorted(defaults), [...defaults].sort());
  });

  it('are those of the manifest, with the same defaults', () => {
    const manifest = JSON.parse(read('custom-elements.json')) as Manifest;
    const listed = manifest.modules
      .flatMap(({ declarations }) => declarations ?? [])
      .flatMap(({ cssProperties }) => cssProperties ?? []);
    assert.deepEqual(sorted(listed.map(({ name }) => name)), expected);
    for (const { name, default: value, description } of listed) {
      assert.equal(value, ofTokens.get(name) ?? value, name);
      assert(value && description, name);
    }
  });

  it('are those of the documentation, each in one row', () => {
    const rows = names(read('docs/theming.md'), /^\| `(--campaign-[\w-]+)`/gm);
    assert.deepEqual([...rows].sort(), expected);
  });
});

describe('the tokens', () => {
  it('say the same colour as components and as hex', () => {
    let colors = 0;
    for (const file of ['base', 'light', 'dark', 'compact', 'more-contrast'])
      JSON.parse(read(`tokens/${file}.tokens.json`), (_key, value: { hex?: string; components?: number[] }) => {
        if (!value?.components) return value;
        colors += 1;
        const channels = value.components.map((part) =>
          Math.round(part * 255)
            .toString(16)
            .padStart(2, '0'),
        );
        assert.equal(value.hex, `#${channels.join('')}`);
        return value;
      });
    assert(colors > 70, `${colors}`);
  });

  it('come to a tag only as far as it reads them', () => {
    const css = tagStyles.cssText;
    const defined = names(baseTokens.cssText, /(--_[\w-]+):/g);
    const used = new Set(names(css, /var\((--_[\w-]+)/g));
    assert.deepEqual(
      defined.filter((name) => !used.has(name)),
      [],
    );
  });

  it('are behind every name that a style sheet reads', () => {
    // Some are set by script.
    const defined = new Set(names(source, /(--_[\w-]+)[:']/g));
    assert.deepEqual(
      sorted(names(source, /var\((--_[\w-]+)/g)).filter((name) => !defined.has(name)),
      [],
    );
  });
});
