// Made from tokens/ by `npm run tokens`.

/** A design token. Values are CSS; they are the same in both themes where a theme makes no difference. */
export interface DesignToken {
  /** The custom property that sets it. Without one, it belongs to the page around the elements. */
  readonly property?: `--campaign-${string}`;
  /** What it is for. */
  readonly use: string;
  /** Its default on a light page. */
  readonly light: string;
  /** Its default on a dark page. */
  readonly dark: string;
  /** Its values in `themes/more-contrast.css`, where they differ. */
  readonly moreContrast?: { readonly light: string; readonly dark: string };
  /** What it is where `density` is `compact`, if that differs. */
  readonly compact?: { readonly property: `--campaign-${string}`; readonly value: string };
}

/** The design tokens, by name. The names are those of the files in `tokens/`. */
export const tokens = {
  'host.page': {
    use: 'The page around the elements. The kit draws nothing in it; contrast is measured against it.',
    light: '#ffffff',
    dark: '#0f1115',
  },
  'color.subtle': {
    property: '--campaign-color-subtle',
    use: 'Header row, row under the pointer, background of the log.',
    light: '#f5f6f8',
    dark: '#15181e',
  },
  'color.raised': {
    property: '--campaign-color-raised',
    use: 'Panels, rows, fields, popups and dialogs.',
    light: '#ffffff',
    dark: '#1b1e25',
  },
  'color.text': { property: '--campaign-color-text', use: 'Text.', light: '#1a1d24', dark: '#e8eaee' },
  'color.muted': {
    property: '--campaign-color-muted',
    use: 'Less important text: times, counts, explanations.',
    light: '#596070',
    dark: '#a4abb8',
    moreContrast: { light: '#1a1d24', dark: '#e8eaee' },
  },
  'color.line': {
    property: '--campaign-color-line',
    use: 'Decorative lines: between rows, around panels.',
    light: '#dde0e6',
    dark: '#2e333d',
    moreContrast: { light: '#1a1d24', dark: '#e8eaee' },
  },
  'color.control': {
    property: '--campaign-color-control',
    use: 'Borders of what can be operated: fields, check boxes, dashed borders.',
    light: '#868d9b',
    dark: '#6d7585',
    moreContrast: { light: '#1a1d24', dark: '#e8eaee' },
  },
  'color.accent': {
    property: '--campaign-color-accent',
    use: 'Selection, checked boxes, progress.',
    light: '#1d4ed8',
    dark: '#8ab4ff',
  },
  'color.danger': {
    property: '--campaign-color-danger',
    use: 'The action that needs confirmation, errors in a form, solid error tags.',
    light: '#9d011b',
    dark: '#ec5560',
  },
  'color.on-danger': {
    property: '--campaign-color-on-danger',
    use: 'Text and icon on `danger`.',
    light: '#ffffff',
    dark: '#0f1115',
  },
  'color.focus': {
    property: '--campaign-color-focus',
    use: 'The ring around what has the keyboard focus.',
    light: '#1d4ed8',
    dark: '#8ab4ff',
  },
  'color.link': {
    property: '--campaign-color-link',
    use: 'Links, such as to where a cause is fixed.',
    light: '#1d4ed8',
    dark: '#8ab4ff',
  },
  'color.button': {
    property: '--campaign-color-button',
    use: 'Background of buttons.',
    light: '#ffffff',
    dark: '#1b1e25',
  },
  'color.button-text': {
    property: '--campaign-color-button-text',
    use: 'Text of buttons. Not set, they have the colour of the text around them.',
    light: '#1a1d24',
    dark: '#e8eaee',
  },
  'color.button-border': {
    property: '--campaign-color-button-border',
    use: 'Border of buttons.',
    light: '#868d9b',
    dark: '#6d7585',
    moreContrast: { light: '#1a1d24', dark: '#e8eaee' },
  },
  'tone.gray.bg': {
    property: '--campaign-tone-gray-bg',
    use: 'Background of a tag in tone gray.',
    light: '#ecf0f5',
    dark: '#2c2e36',
  },
  'tone.gray.fg': {
    property: '--campaign-tone-gray-fg',
    use: 'Text of a tag in tone gray.',
    light: '#4a505b',
    dark: '#d4d7df',
  },
  'tone.gray.bd': {
    property: '--campaign-tone-gray-bd',
    use: 'Border of a tag in tone gray.',
    light: '#b1b6bf',
    dark: '#535861',
    moreContrast: { light: '#4a505b', dark: '#d4d7df' },
  },
  'tone.gray.ic': {
    property: '--campaign-tone-gray-ic',
    use: 'Icon and emphasis in tone gray.',
    light: '#6d7481',
    dark: '#88909b',
    moreContrast: { light: '#4a505b', dark: '#d4d7df' },
  },
  'tone.blue.bg': {
    property: '--campaign-tone-blue-bg',
    use: 'Background of a tag in tone blue.',
    light: '#e3edff',
    dark: '#14264d',
  },
  'tone.blue.fg': {
    property: '--campaign-tone-blue-fg',
    use: 'Text of a tag in tone blue.',
    light: '#1e3f8a',
    dark: '#b9d0ff',
  },
  'tone.blue.bd': {
    property: '--campaign-tone-blue-bd',
    use: 'Border of a tag in tone blue.',
    light: '#9db8ea',
    dark: '#33569c',
    moreContrast: { light: '#1e3f8a', dark: '#b9d0ff' },
  },
  'tone.blue.ic': {
    property: '--campaign-tone-blue-ic',
    use: 'Icon and emphasis in tone blue.',
    light: '#2f62d0',
    dark: '#6f9dff',
    moreContrast: { light: '#1e3f8a', dark: '#b9d0ff' },
  },
  'tone.amber.bg': {
    property: '--campaign-tone-amber-bg',
    use: 'Background of a tag in tone amber.',
    light: '#fef7cb',
    dark: '#443708',
  },
  'tone.amber.fg': {
    property: '--campaign-tone-amber-fg',
    use: 'Text of a tag in tone amber.',
    light: '#674b05',
    dark: '#fad885',
  },
  'tone.amber.bd': {
    property: '--campaign-tone-amber-bd',
    use: 'Border of a tag in tone amber.',
    light: '#dcbf7f',
    dark: '#927716',
    moreContrast: { light: '#674b05', dark: '#fad885' },
  },
  'tone.amber.ic': {
    property: '--campaign-tone-amber-ic',
    use: 'Icon and emphasis in tone amber.',
    light: '#b27d00',
    dark: '#fecf28',
    moreContrast: { light: '#674b05', dark: '#fad885' },
  },
  'tone.orange.bg': {
    property: '--campaign-tone-orange-bg',
    use: 'Background of a tag in tone orange.',
    light: '#ffe8d5',
    dark: '#442105',
  },
  'tone.orange.fg': {
    property: '--campaign-tone-orange-fg',
    use: 'Text of a tag in tone orange.',
    light: '#833e06',
    dark: '#f9c493',
  },
  'tone.orange.bd': {
    property: '--campaign-tone-orange-bd',
    use: 'Border of a tag in tone orange.',
    light: '#e3a689',
    dark: '#905722',
    moreContrast: { light: '#833e06', dark: '#f9c493' },
  },
  'tone.orange.ic': {
    property: '--campaign-tone-orange-ic',
    use: 'Icon and emphasis in tone orange.',
    light: '#bb5529',
    dark: '#f9a24c',
    moreContrast: { light: '#833e06', dark: '#f9c493' },
  },
  'tone.green.bg': {
    property: '--campaign-tone-green-bg',
    use: 'Background of a tag in tone green.',
    light: '#d7feec',
    dark: '#013323',
  },
  'tone.green.fg': {
    property: '--campaign-tone-green-fg',
    use: 'Text of a tag in tone green.',
    light: '#11583a',
    dark: '#9fe7bf',
  },
  'tone.green.bd': {
    property: '--campaign-tone-green-bd',
    use: 'Border of a tag in tone green.',
    light: '#89cdaf',
    dark: '#1d795c',
    moreContrast: { light: '#11583a', dark: '#9fe7bf' },
  },
  'tone.green.ic': {
    property: '--campaign-tone-green-ic',
    use: 'Icon and emphasis in tone green.',
    light: '#029369',
    dark: '#46dbaa',
    moreContrast: { light: '#11583a', dark: '#9fe7bf' },
  },
  'tone.red.bg': {
    property: '--campaign-tone-red-bg',
    use: 'Background of a tag in tone red.',
    light: '#ffdddc',
    dark: '#4f0a18',
  },
  'tone.red.fg': {
    property: '--campaign-tone-red-fg',
    use: 'Text of a tag in tone red.',
    light: '#7d0612',
    dark: '#fbb9ba',
  },
  'tone.red.bd': {
    property: '--campaign-tone-red-bd',
    use: 'Border of a tag in tone red.',
    light: '#d88783',
    dark: '#922a37',
    moreContrast: { light: '#7d0612', dark: '#fbb9ba' },
  },
  'tone.red.ic': {
    property: '--campaign-tone-red-ic',
    use: 'Icon and emphasis in tone red.',
    light: '#9d011b',
    dark: '#ec5560',
    moreContrast: { light: '#7d0612', dark: '#fbb9ba' },
  },
  'tone.neutral.bg': {
    property: '--campaign-tone-neutral-bg',
    use: 'Background of a tag in tone neutral.',
    light: '#f2f2f0',
    dark: '#2d2d2a',
  },
  'tone.neutral.fg': {
    property: '--campaign-tone-neutral-fg',
    use: 'Text of a tag in tone neutral.',
    light: '#4b4b47',
    dark: '#dadad5',
  },
  'tone.neutral.bd': {
    property: '--campaign-tone-neutral-bd',
    use: 'Border of a tag in tone neutral.',
    light: '#bcbcb6',
    dark: '#5e5e58',
    moreContrast: { light: '#4b4b47', dark: '#dadad5' },
  },
  'tone.neutral.ic': {
    property: '--campaign-tone-neutral-ic',
    use: 'Icon and emphasis in tone neutral.',
    light: '#70706a',
    dark: '#97978f',
    moreContrast: { light: '#4b4b47', dark: '#dadad5' },
  },
  'font.size': {
    property: '--campaign-font-size',
    use: 'The size of text; all other text sizes follow.',
    light: '13px',
    dark: '13px',
  },
  'font.mono': {
    property: '--campaign-font-mono',
    use: 'The typeface of the log.',
    light: 'ui-monospace, "SFMono-Regular", "Menlo", "Consolas", monospace',
    dark: 'ui-monospace, "SFMono-Regular", "Menlo", "Consolas", monospace',
  },
  radius: { property: '--campaign-radius', use: 'Corners of tags, buttons and fields.', light: '6px', dark: '6px' },
  'radius-panel': {
    property: '--campaign-radius-panel',
    use: 'Corners of panels, popups and dialogs.',
    light: '10px',
    dark: '10px',
  },
  shadow: {
    property: '--campaign-shadow',
    use: 'Elevation of popups and dialogs.',
    light: '0px 1px 2px 0px rgb(0% 0% 0% / 0.08), 0px 8px 24px 0px rgb(0% 0% 0% / 0.14)',
    dark: '0px 1px 2px 0px rgb(0% 0% 0% / 0.08), 0px 8px 24px 0px rgb(0% 0% 0% / 0.14)',
  },
  'motion.duration': {
    property: '--campaign-motion-duration',
    use: 'How long buttons, popups and dialogs take to change. People who ask for reduced motion get none.',
    light: '120ms',
    dark: '120ms',
  },
  'motion.easing': {
    property: '--campaign-motion-easing',
    use: 'How that change runs.',
    light: 'cubic-bezier(0, 0, 0.58, 1)',
    dark: 'cubic-bezier(0, 0, 0.58, 1)',
  },
  'size.control': {
    property: '--campaign-size-control',
    use: 'Least height of buttons and fields.',
    light: '32px',
    dark: '32px',
    compact: { property: '--campaign-size-control-compact', value: '28px' },
  },
  'size.control-small': {
    property: '--campaign-size-control-small',
    use: 'Least height of small buttons.',
    light: '28px',
    dark: '28px',
  },
  'size.touch': {
    property: '--campaign-size-touch',
    use: 'Least height of what is pressed, on a touch screen.',
    light: '44px',
    dark: '44px',
  },
  'space.inset': {
    property: '--campaign-space-inset',
    use: 'Space at both ends of a row.',
    light: '16px',
    dark: '16px',
    compact: { property: '--campaign-space-inset-compact', value: '12px' },
  },
  'space.row': {
    property: '--campaign-space-row',
    use: 'Space above and below the text of a row.',
    light: '4px',
    dark: '4px',
    compact: { property: '--campaign-space-row-compact', value: '2px' },
  },
} as const satisfies Readonly<Record<string, DesignToken>>;

/** The name of a design token, such as `color.accent`. */
export type TokenName = keyof typeof tokens;
