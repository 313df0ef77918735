// npm run tokens: makes of the design tokens in tokens/ the style sheets of the elements, the names for TypeScript, the theme
// with more contrast and the tables of docs/theming.md. With `--check` it only says which of them are stale.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeGenerated } from './generated.mjs';
import { root } from './tally.mjs';
import { aliasOf, inBothThemes, isInherited, propertyName, readTokens } from './token-source.mjs';
import { usedBy } from './token-use.mjs';

/** @typedef {import('./token-source.mjs').Tokens} Tokens */
/** @typedef {import('./token-source.mjs').Property} Property */

const MADE = 'Made from tokens/ by `npm run tokens`.';
const STYLES = 'src/elements/shared/styles';
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');

/** @param {Tokens} tokens @param {string} name @param {string} what @param {Property[]} properties */
function styleSheet({ valueOf }, name, what, properties) {
  const refer = (/** @type {string} */ id) => `var(${aliasOf({ id })})`;
  /** @type {Map<string, string[]>} */
  const rules = new Map();
  for (const { name, alias, token, input } of properties) {
    if (isInherited(token)) continue;
    const tone = /^tone\.(\w+)/.exec(token.id)?.[1];
    const selector = tone ? `[data-tone='${tone}']` : ':host';
    const value = inBothThemes((theme) => valueOf(token.id, { ...input, ...theme }, refer));
    rules.set(selector, [...(rules.get(selector) ?? []), `${alias}: var(${name}, ${value});`]);
  }
  const css = Array.from(rules, ([selector, lines]) => `  ${selector} {\n    ${lines.join('\n    ')}\n  }\n`);
  return `// ${MADE}
import { css, type CSSResult } from '@lit/reactive-element/css-tag.js';

/** ${what} Each is what the host has set, or the default. */
export const ${name}: CSSResult = css\`
${css.join('')}\`;
`;
}

/** @param {Tokens} tokens */
function typeScript({ tokens, properties, valueOf }) {
  const entries = tokens.map((token) => {
    const values = (/** @type {import('./token-source.mjs').Input} */ input) => ({
      light: valueOf(token.id, { ...input, theme: 'light' }),
      dark: valueOf(token.id, { ...input, theme: 'dark' }),
    });
    const [property, compact] = properties.filter((property) => property.token === token);
    const moreContrast = values({ contrast: 'more' });
    const differs = JSON.stringify(moreContrast) !== JSON.stringify(values({}));
    const entry = {
      property: property?.name,
      use: token.$description,
      ...values({}),
      moreContrast: differs ? moreContrast : undefined,
      compact: compact && { property: compact.name, value: valueOf(token.id, compact.input) },
    };
    return `${JSON.stringify(token.id)}: ${JSON.stringify(entry)}`;
  });
  return `// ${MADE}

/** A design token. Values are CSS; they are the same in both themes where a theme makes no difference. */
export interface DesignToken {
  /** The custom property that sets it. Without one, it belongs to the page around the elements. */
  readonly property?: \`--campaign-\${string}\`;
  /** What it is for. */
  readonly use: string;
  /** Its default on a light page. */
  readonly light: string;
  /** Its default on a dark page. */
  readonly dark: string;
  /** Its values in \`themes/more-contrast.css\`, where they differ. */
  readonly moreContrast?: { readonly light: string; readonly dark: string };
  /** What it is where \`density\` is \`compact\`, if that differs. */
  readonly compact?: { readonly property: \`--campaign-\${string}\`; readonly value: string };
}

/** The design tokens, by name. The names are those of the files in \`tokens/\`. */
export const tokens = {${entries.join(',')}} as const satisfies Readonly<Record<string, DesignToken>>;

/** The name of a design token, such as \`color.accent\`. */
export type TokenName = keyof typeof tokens;
`;
}

/** @param {Tokens} tokens */
function moreContrast({ properties, valueOf }) {
  const lines = properties.flatMap(({ name, token, input }) => {
    const [normal, more] = [{}, { contrast: 'more' }].map((contrast) =>
      inBothThemes((theme) => valueOf(token.id, { ...input, ...contrast, ...theme })),
    );
    return normal === more ? [] : [`${name}: ${more};`];
  });
  return `/* For readers who ask for more contrast. ${MADE} */
@media (prefers-contrast: more) {
  :root {
    ${lines.join('\n    ')}
  }
}
`;
}

/** The page with its tables written again. @param {Tokens} tokens */
function documentation({ properties, valueOf }) {
  const themes = [{ theme: 'light' }, { theme: 'dark' }];
  const inGroup = (/** @type {RegExp} */ group) => properties.filter(({ token }) => group.test(token.id));
  const color = (/** @type {Property} */ { name, token }) => [
    code(name),
    ...themes.map((theme) => code(valueOf(token.id, theme))),
    ...themes.map((theme) => code(valueOf(token.id, { ...theme, contrast: 'more' }))),
    [
      token.$description,
      ...(token.aliasChain ?? []).slice(0, 1).map((id) => `Follows ${code(propertyName(id))}.`),
    ].join(' '),
  ];
  const other = (/** @type {Property} */ { name, token, input }) => [
    code(name),
    code(valueOf(token.id, input)),
    `${token.$description}${input.density ? ' With `density="compact"`.' : ''}`,
  ];
  const colorHead = ['custom property', 'light', 'dark', 'light, more contrast', 'dark, more contrast', 'use'];
  const head = ['custom property', 'default', 'use'];
  /** @type {Record<string, string>} */
  const tables = {
    colors: table(colorHead, inGroup(/^color\./).map(color)),
    tones: table(colorHead, inGroup(/^tone\./).map(color)),
    others: table(head, inGroup(/^(?!color\.|tone\.)/).map(other)),
    elements: table(head, ofElements()),
  };
  return read('docs/theming.md').replace(
    /(<!-- tokens: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_whole, start, name, end) => `${start}\n${tables[name]}\n${end}`,
  );
}

const code = (/** @type {string} */ value) => `\`${value}\``;

/** A table in Markdown. @param {string[]} head @param {string[][]} rows */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

/** The custom properties of single elements: lengths and columns that no design token can be. */
function ofElements() {
  const files = readdirSync(join(root, 'src/elements'), { recursive: true, encoding: 'utf8' }).sort();
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => read(join('src/elements', file)));
  return sources.flatMap((source) =>
    Array.from(source.matchAll(/@cssproperty \[(--[\w-]+)=(.+?)\] - (.*)/g), ([, name = '', value = '', use = '']) => [
      code(name),
      code(value),
      use,
    ]),
  );
}

/** What is made of the tokens, by its path. */
async function build() {
  const tokens = await readTokens();
  const { properties } = tokens;
  const sheet = (/** @type {string} */ name, /** @type {string} */ what, /** @type {Property[]} */ group) => ({
    [`${STYLES}/${name}-tokens.styles.ts`]: styleSheet(tokens, `${name}Tokens`, what, group),
  });
  const tag = usedBy('src/elements/campaign-status-tag/campaign-status-tag.styles.ts', properties);
  const layers = usedBy('src/elements/shared/popup/layer-styles.ts', properties);
  const button = usedBy('src/elements/campaign-action-button/campaign-action-button.styles.ts', properties);
  const controls = properties.filter(
    (property) => !tag.includes(property) && [...layers, ...button].includes(property),
  );
  const panels = properties.filter((property) => ![...tag, ...controls].includes(property));
  return {
    ...sheet('base', 'The tokens that a tag reads.', tag),
    ...sheet('control', 'The tokens that buttons, popups and dialogs read besides.', controls),
    ...sheet('panel', 'The tokens that only list and log read.', panels),
    'src/tokens.ts': typeScript(tokens),
    'themes/more-contrast.css': moreContrast(tokens),
    'docs/theming.md': documentation(tokens),
  };
}

await writeGenerated(await build(), 'npm run tokens');
