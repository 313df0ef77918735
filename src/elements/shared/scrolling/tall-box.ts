/**
 * No box is taller than this many device px. Firefox ends near 17.9 million, Chromium near 33.5 million, and CSS lengths are
 * single-precision numbers, which are exact for whole px up to 16.7 million.
 */
const TALLEST = 16_000_000;

/** How contents of any height fit into a box that a browser can scroll. In CSS px. */
export interface TallBox {
  /** The height of the box. */
  readonly extent: number;
  /** How much taller the contents are. It is spread over the `track`. */
  readonly missing: number;
  /** How far the box can be scrolled. */
  readonly track: number;
}

/**
 * Fits contents into a box.
 *
 * @param all the height of the contents
 * @param view the height of what is visible
 * @param ratio device px per CSS px
 */
export function tallBox(all: number, view: number, ratio: number): TallBox {
  const extent = Math.min(all, Math.floor(TALLEST / Math.max(1, ratio)));
  return { extent, missing: all - extent, track: Math.max(1, extent - view) };
}
