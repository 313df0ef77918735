/** The default colours of the kit, by what they are for. */
import { tokens, type TokenName } from '../../../src/tokens.ts';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** bg: background. fg: text. bd: border, decorative. ic: icon and emphasis. */
const roles = ['bg', 'fg', 'bd', 'ic'] as const;
export type ToneColors = Readonly<Record<(typeof roles)[number], string>>;

type Rest<Name, Group extends string> = Name extends `${Group}.${infer Rest}` ? Rest : never;
type First<Name> = Name extends `${infer First}.${string}` ? First : never;
export type ToneName = First<Rest<TokenName, 'tone'>>;
export type SurfaceName = Rest<TokenName, 'color'>;

export const toneNames = [
  ...new Set(Object.keys(tokens).flatMap((name) => /^tone\.(\w+)/.exec(name)?.[1] ?? [])),
] as ToneName[];

export function toneColors(tone: ToneName, theme: Theme): ToneColors {
  const colors = roles.map((role) => [role, tokens[`tone.${tone}.${role}` as const][theme]]);
  return Object.fromEntries(colors) as ToneColors;
}

export const tonesOf = (theme: Theme): Readonly<Record<ToneName, ToneColors>> =>
  Object.fromEntries(toneNames.map((tone) => [tone, toneColors(tone, theme)])) as Record<ToneName, ToneColors>;

/** A colour that is not one of a tone. `page` is what the kit assumes of the page around it. */
export const surface = (name: SurfaceName | 'page', theme: Theme): string =>
  name === 'page' ? tokens['host.page'][theme] : tokens[`color.${name}` as const][theme];
