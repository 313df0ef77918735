/** The contrast that colours of a theme have to keep, measured. */
import { contrast, linear, seenAs, type Vision } from './colour.ts';
import { toneNames, type SurfaceName, type ToneColors, type ToneName } from './palette.ts';

/** The colours of one theme, as `#rrggbb`. */
export interface ThemeColors extends Readonly<
  Record<Exclude<SurfaceName, `button${string}` | 'line' | 'on-danger'>, string>
> {
  /** The page around the elements. */
  readonly page: string;
  readonly tones: Readonly<Record<ToneName, ToneColors>>;
}

export interface Budget {
  /** What is measured, such as `Text`. */
  readonly what: string;
  /** The pair with the least contrast, such as `red on raised`. */
  readonly worst: string;
  readonly measured: number;
  readonly least: number;
}

type Pair = readonly [name: string, color: string, on: string, ground: string];

/** How icons look to those who see all colours, and to those who do not. */
const visionLabels: Readonly<Record<Vision, string>> = {
  normal: 'Icons',
  protan: 'Icons, seen with protanopia',
  deutan: 'Icons, seen with deuteranopia',
  tritan: 'Icons, seen with tritanopia',
};

/** Each budget with its worst pair. */
export function contrastBudgets(colors: ThemeColors): Budget[] {
  const { page, subtle, raised, tones } = colors;
  const grounds = Object.entries({ page, subtle, raised });
  const onGrounds = (name: 'text' | 'muted' | 'link' | 'control' | 'accent' | 'focus'): Pair[] =>
    grounds.map(([on, ground]) => [name, colors[name], on, ground]);
  const onTones = (role: 'fg' | 'ic'): Pair[] =>
    toneNames.map((tone) => [tone, tones[tone][role], 'its background', tones[tone].bg]);
  const focusOnTones = toneNames.map((tone): Pair => ['focus', colors.focus, tone, tones[tone].bg]);
  const icons = toneNames.flatMap((tone) => grounds.map(([on, ground]): Pair => [tone, tones[tone].ic, on, ground]));
  return [
    worstOf('Text', 7, onGrounds('text')),
    worstOf('Less important text', 4.5, onGrounds('muted')),
    worstOf('Links', 4.5, onGrounds('link')),
    worstOf('Borders of controls', 3, onGrounds('control')),
    worstOf('Accent', 3, onGrounds('accent')),
    worstOf('Focus ring', 3, [...onGrounds('focus'), ...focusOnTones]),
    worstOf('Danger', 4.5, [['danger', colors.danger, 'raised', raised]]),
    worstOf('Text of tags', 6.5, onTones('fg')),
    ...Object.entries(visionLabels).map(([vision, label]) =>
      worstOf(label, 3, [...icons, ...onTones('ic')], vision as Vision),
    ),
  ];
}

function worstOf(what: string, least: number, pairs: readonly Pair[], vision: Vision = 'normal'): Budget {
  const seen = (hex: string): readonly [number, number, number] => seenAs(vision, linear(hex));
  const measured = pairs.map(([name, color, on, ground]) => ({
    what,
    least,
    worst: `${name} on ${on}`,
    measured: contrast(seen(color), seen(ground)),
  }));
  return measured.reduce((worst, pair) => (pair.measured < worst.measured ? pair : worst));
}
