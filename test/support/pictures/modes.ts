/** The width and appearance in which a story is pictured. */
export interface Mode {
  readonly name: string;
  readonly theme: 'light' | 'dark';
  readonly direction: 'ltr' | 'rtl';
  readonly density: 'comfortable' | 'compact';
  readonly forcedColors: boolean;
  /** Width of the page in CSS px. */
  readonly width: number;
}

/** 920 px is the least width at which the Lifecycle story shows list and campaign side by side. */
export const light: Mode = {
  name: 'light',
  theme: 'light',
  direction: 'ltr',
  density: 'comfortable',
  forcedColors: false,
  width: 920,
};

/** Every pictured story has one picture for each mode. */
export const modes: readonly Mode[] = [
  light,
  { ...light, name: 'dark', theme: 'dark' },
  { ...light, name: 'forced-colors', forcedColors: true },
  { ...light, name: 'right-to-left', direction: 'rtl' },
  { ...light, name: 'compact', density: 'compact' },
  { ...light, name: '320px', width: 320 },
];
