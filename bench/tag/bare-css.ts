/** The looks of the bare elements: a badge as every kit has it. */
export const TAG_CSS = `
  :host { display: inline-flex; vertical-align: middle; }
  span { display: inline-flex; padding: 2px 8px; border: 1px solid; border-radius: 6px; font: 13px/20px sans-serif; }
  .inactive { color: #7a4d00; background: #fff4dc; }
  .active { color: #0b6b34; background: #e2f7e9; }
  .error { color: #a8071a; background: #fff1f0; }
`;
