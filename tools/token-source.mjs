// Reads the design tokens in tokens/, and says which custom properties they are.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { defineConfig, Logger, parse } from '@terrazzo/parser';
import { transformCSSValue } from '@terrazzo/token-tools/css';
import { root } from './tally.mjs';

/** @typedef {import('@terrazzo/parser').TokenNormalized} Token */
/** The theme, contrast and density that are not the default. @typedef {Record<string, string>} Input */

/**
 * A custom property that hosts can set.
 * @typedef {object} Property
 * @property {string} name
 * @property {string} alias The custom property that the style sheets of the elements read instead, with the default in it.
 * @property {Token} token
 * @property {Input} input The density that it is for, if it is not for all.
 */

const resolverFile = 'tokens/campaign-status-kit.resolver.json';

export async function readTokens() {
  const cwd = pathToFileURL(`${root}/`);
  const filename = new URL(resolverFile, cwd);
  const config = defineConfig({ tokens: [resolverFile], alphabetize: false }, { cwd });
  const sources = [{ filename, src: readFileSync(filename, 'utf8') }];
  const { resolver } = await parse(sources, { config, logger: new Logger({ level: 'warn' }) });

  /**
   * The CSS value of a token.
   * @param {string} id
   * @param {Input} input
   * @param {(id: string, input: Input) => string} refer what stands for another token that it refers to: its value, if left out
   * @returns {string}
   */
  function valueOf(id, input, refer = valueOf) {
    const tokensSet = resolver.apply(input);
    const token = tokensSet[id];
    if (!token) throw new Error(`There is no token ${id}`);
    const value = transformCSSValue(token, {
      tokensSet,
      permutation: input,
      color: { legacyHex: token.$type === 'color' && token.$value.alpha === 1 },
      transformAlias: (other) => refer(other.id, input),
    });
    return String(value).replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
  }

  const tokens = Object.values(resolver.apply({}));
  const compact = { density: 'compact' };
  const properties = tokens.filter(isProperty).flatMap((token) => {
    const property = (suffix = '', input = {}) => ({
      name: propertyName(token.id) + suffix,
      alias: aliasOf(token) + suffix,
      token,
      input,
    });
    const differs = valueOf(token.id, {}) !== valueOf(token.id, compact);
    return differs ? [property(), property('-compact', compact)] : [property()];
  });
  return { tokens, properties, resolver, valueOf };
}

/**
 * The tokens as design tools read them: a file for each theme, contrast and density, without references. A part of the name
 * that is the default is left out, such as in `dark` and `dark-more-compact`.
 */
export async function designFiles() {
  const { resolver } = await readTokens();
  const defaults = resolver.apply({});
  const permutations = resolver.listPermutations?.() ?? [];
  return permutations.map(({ theme, contrast, density }) => {
    /** @type {any} */
    const file = {};
    for (const { id, $type, $value } of Object.values(resolver.apply({ theme, contrast, density }))) {
      const path = id.split('.');
      const last = /** @type {string} */ (path.pop());
      let group = file;
      for (const name of path) group = group[name] ??= {};
      group[last] = { $type, $description: defaults[id]?.$description, $value };
    }
    const parts = [theme, contrast === 'more' && contrast, density === 'compact' && density];
    return /** @type {const} */ ([parts.filter(Boolean).join('-'), file]);
  });
}

/** @typedef {Awaited<ReturnType<typeof readTokens>>} Tokens */

/** Tokens of the page around the elements are no custom properties: the kit draws nothing with them. @param {Token} token */
const isProperty = ({ id }) => !id.startsWith('host.');

/** The custom property that sets a token. @param {string} id */
export const propertyName = (id) => `--campaign-${id.replaceAll('.', '-')}`;

/** The tones share theirs: `data-tone` says which one an element has. @param {{ id: string }} token */
export const aliasOf = ({ id }) => `--_${id.replace(/^color\.|(?<=^tone)\.[a-z]+/, '').replaceAll('.', '-')}`;

/** Whether it has no default of its own: what reads it says `inherit` instead. @param {Token} token */
export const isInherited = ({ $extensions }) =>
  Boolean(/** @type {any} */ ($extensions)?.['campaign-status-kit']?.inherited);

/** One CSS value for both colour schemes. @param {(theme: Input) => string} value */
export function inBothThemes(value) {
  const [light, dark] = [value({ theme: 'light' }), value({ theme: 'dark' })];
  return light === dark ? light : `light-dark(${light}, ${dark})`;
}
