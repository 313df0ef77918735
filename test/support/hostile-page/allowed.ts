/** A computed style that a hostile page may change, and why. */
export interface Allowed {
  readonly property: RegExp;
  /** Where; everywhere if absent. */
  readonly path?: RegExp;
  readonly why: string;
}

/** An element of the kit that the page itself contains. */
const inThePage = /^campaign-provider( > [\w-]+)?$/;

export const allowed: readonly Allowed[] = [
  {
    property: /^tab-size$/,
    why: 'Inherited from the page. It matters where tabs are kept, and the log sets its own.',
  },
  {
    property: /^text-size-adjust$/,
    why: 'Inherited from the page, and about phones that enlarge text by themselves.',
  },
  {
    property: /^-webkit-tap-highlight-color$/,
    why: 'Inherited from the page: what is tapped looks as elsewhere on it.',
  },
  {
    property: /^border-.*-style$/,
    path: inThePage,
    why: 'A page may give the elements themselves a border. This one has no width.',
  },
];
