/** Reads the theme files of `themes/`, as far as the values of other design systems are in them as fallbacks. */
import type { Theme } from './palette.ts';

/** The custom properties that a theme file sets, with the values that they have without the sheets of the other system. */
export function propertiesOf(css: string, theme: Theme): ReadonlyMap<string, string> {
  const declarations = css.matchAll(/(--campaign-[\w-]+):\s*([^;]+);/g);
  return new Map(Array.from(declarations, ([, name = '', value = '']) => [name, resolve(value, theme)]));
}

function resolve(value: string, theme: Theme): string {
  const [, name, rest = ''] = /^(var|light-dark)\((.*)\)$/s.exec(value.trim()) ?? [];
  if (!name) return value.trim();
  const comma = topLevelComma(rest);
  const [first, second] = [rest.slice(0, comma), rest.slice(comma + 1)];
  return resolve(name === 'light-dark' && theme === 'light' ? first : second, theme);
}

function topLevelComma(list: string): number {
  let depth = 0;
  return [...list].findIndex((mark) => {
    if (mark === '(') depth++;
    if (mark === ')') depth--;
    return mark === ',' && depth === 0;
  });
}
