/** Those glyphs that a badge draws without templates: SVG path data in a box of 16 by 16 units. */
export const outcomeGlyphs = {
  info: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM7.2 7h1.6v4.6H7.2ZM8 4.2a1 1 0 1 1 0 2 1 1 0 0 1 0-2Z',
  error: 'M4.9.5h6.2l4.4 4.4v6.2l-4.4 4.4H4.9L.5 11.1V4.9ZM7.1 3.8v5h1.8v-5Zm0 6.4v1.9h1.8v-1.9Z',
  clock:
    'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm-.75 2h1.5v3.2l2.4 1.4-.75 1.3-3.15-1.85Z',
} as const;
