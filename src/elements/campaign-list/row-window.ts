import { tallBox, type TallBox } from '../shared/scrolling/tall-box.ts';

/** Rows beyond each edge of what is visible that are rendered too, so that a short scroll shows no blank space. */
const OVERSCAN = 6;

/** Where the rows of a list are on screen. All lengths are CSS px. */
export interface RowGeometry {
  /** The height of every row, in whole px. */
  readonly height: number;
  /** How far the top of the rows lies above the top of what is visible. Negative while it is below. */
  readonly offset: number;
  /** The height of what is visible. */
  readonly view: number;
  /** Device px per CSS px. */
  readonly ratio: number;
}

/** The rows to render, and where. */
export interface RowWindow {
  readonly from: number;
  /** The index after the last row. */
  readonly to: number;
  /** The first row that is entirely visible. */
  readonly top: number;
  /** The height of the box that all rows scroll in. */
  readonly extent: number;
  /** How much higher than `index * height` the rows lie, because the box is not tall enough for all of them. */
  readonly shift: number;
}

/** The window of rows for a scroll position. Its size depends on the height of what is visible, not on the position. */
export function rowWindow(count: number, geometry: RowGeometry): RowWindow {
  const { height, offset, view } = geometry;
  const { extent, missing, track } = box(count, geometry);
  const shift = Math.round(missing * Math.min(1, Math.max(0, offset / track)));
  const position = offset + shift;
  const size = Math.min(count, Math.ceil(view / height) + 1 + 2 * OVERSCAN);
  const from = clamp(Math.floor(position / height) - OVERSCAN, 0, count - size);
  return { from, to: from + size, top: clamp(Math.ceil(position / height), 0, count - 1), extent, shift };
}

/**
 * The top of a row in its box after the shortest scroll that makes it visible, or, with `center`, after the scroll that puts
 * it in the middle.
 */
export function topAfterScroll(
  index: number,
  block: 'nearest' | 'center',
  count: number,
  geometry: RowGeometry,
): number {
  const { height, offset, view } = geometry;
  const { missing, track } = box(count, geometry);
  const position = offset + rowWindow(count, geometry).shift;
  const top = index * height;
  const target =
    block === 'center' ? top - (view - height) / 2 : Math.min(Math.max(position, top + height - view), top);
  return Math.round(top - missing * Math.min(1, Math.max(0, target / (track + missing))));
}

function box(count: number, { height, view, ratio }: RowGeometry): TallBox {
  return tallBox(count * height, view, ratio);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
