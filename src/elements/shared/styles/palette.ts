/** Colours of the tones: the only place they stand. `test/elements/palette.test.ts` holds them to their contrast budgets. */
import type { Tone } from '../../../lifecycle/index.ts';

/** bg: tint. fg: text. bd: hairline, decorative. ic: icon and emphasis. */
export interface ToneColors {
  readonly bg: string;
  readonly fg: string;
  readonly bd: string;
  readonly ic: string;
}

/** The colours of each tone, on a light and on a dark page. */
export const tones: { readonly [tone in Tone | 'neutral']: { readonly light: ToneColors; readonly dark: ToneColors } } =
  {
    gray: {
      light: { bg: '#ecf0f5', fg: '#4a505b', bd: '#b1b6bf', ic: '#6d7481' },
      dark: { bg: '#2c2e36', fg: '#d4d7df', bd: '#535861', ic: '#88909b' },
    },
    blue: {
      light: { bg: '#e3edff', fg: '#1e3f8a', bd: '#9db8ea', ic: '#2f62d0' },
      dark: { bg: '#14264d', fg: '#b9d0ff', bd: '#33569c', ic: '#6f9dff' },
    },
    amber: {
      light: { bg: '#fef7cb', fg: '#674b05', bd: '#dcbf7f', ic: '#b27d00' },
      dark: { bg: '#443708', fg: '#fad885', bd: '#927716', ic: '#fecf28' },
    },
    orange: {
      light: { bg: '#ffe8d5', fg: '#833e06', bd: '#e3a689', ic: '#bb5529' },
      dark: { bg: '#442105', fg: '#f9c493', bd: '#905722', ic: '#f9a24c' },
    },
    green: {
      light: { bg: '#d7feec', fg: '#11583a', bd: '#89cdaf', ic: '#029369' },
      dark: { bg: '#013323', fg: '#9fe7bf', bd: '#1d795c', ic: '#46dbaa' },
    },
    red: {
      light: { bg: '#ffdddc', fg: '#7d0612', bd: '#d88783', ic: '#9d011b' },
      dark: { bg: '#4f0a18', fg: '#fbb9ba', bd: '#922a37', ic: '#ec5560' },
    },
    neutral: {
      light: { bg: '#f2f2f0', fg: '#4b4b47', bd: '#bcbcb6', ic: '#70706a' },
      dark: { bg: '#2d2d2a', fg: '#dadad5', bd: '#5e5e58', ic: '#97978f' },
    },
  };

/** Page, raised surface, text and lines, on a light and on a dark page. */
export const surfaces = {
  page: ['#ffffff', '#0f1115'],
  subtle: ['#f5f6f8', '#15181e'],
  raised: ['#ffffff', '#1b1e25'],
  text: ['#1a1d24', '#e8eaee'],
  muted: ['#596070', '#a4abb8'],
  line: ['#dde0e6', '#2e333d'],
  control: ['#868d9b', '#6d7585'],
  focus: ['#1d4ed8', '#8ab4ff'],
  danger: ['#9d011b', '#ec5560'],
  'on-danger': ['#ffffff', '#0f1115'],
} as const;
