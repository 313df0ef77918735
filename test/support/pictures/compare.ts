import { colorAt, isNear, type Picture } from './picture.ts';

/**
 * The tolerance: no pixel may differ. A pixel differs when its red, green or blue is off by more than 8 of 255 levels.
 *
 * Nobody sees 8 levels; an icon that moves by a pixel, or another tone, is off by far more. Stored pictures use up to 6
 * of them, see `MERGED`. The other two are for the edges of curves, which sometimes come out a level lighter or darker.
 */
export const TOLERANCE = 8;

/** How two pictures differ. */
export interface Difference {
  /** The difference as a clause after a name: "was 320 × 640 px and is 320 × 660 px". */
  readonly text: string;
  /** The actual picture, pale, with the pixels that differ in red. Absent if the sizes differ. */
  readonly drawing?: Picture;
}

/** Compares two pictures. @returns `undefined` if they are equal within the tolerance */
export function compare(expected: Picture, actual: Picture): Difference | undefined {
  const { width, height } = actual;
  if (expected.width !== width || expected.height !== height)
    return { text: `was ${expected.width} × ${expected.height} px and is ${width} × ${height} px` };
  const differing: number[] = [];
  for (let pixel = 0; pixel < width * height; pixel++)
    if (!isNear(colorAt(expected, pixel), colorAt(actual, pixel), TOLERANCE)) differing.push(pixel);
  if (differing.length === 0) return undefined;

  const data = Buffer.from(actual.data.map((level) => 192 + level / 4));
  const box = { left: width, top: height, right: 0, bottom: 0 };
  for (const pixel of differing) {
    data.writeUInt32BE(0xff0000ff, pixel * 4);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    box.left = Math.min(box.left, x);
    box.top = Math.min(box.top, y);
    box.right = Math.max(box.right, x);
    box.bottom = Math.max(box.bottom, y);
  }
  const text = `differs in ${differing.length} px, from ${box.left}, ${box.top} to ${box.right}, ${box.bottom}`;
  return { text, drawing: { width, height, data } };
}
