/** The icons of statuses, and those that the kit itself needs: polygons in a box of 16 by 16 units, filled by the even-odd rule. */
import type { BuiltInIcon, IconPath } from '../../../lifecycle/index.ts';

/** The name of a shape. */
export type IconName = BuiltInIcon | 'unknown' | 'dots';

/** The corners of one closed line: x and y in turn. */
type Contour = readonly number[];

const octagon = [5.1, 1, 10.9, 1, 15, 5.1, 15, 10.9, 10.9, 15, 5.1, 15, 1, 10.9, 1, 5.1];

/** `test/elements/icons.test.ts` checks that they differ. */
const shapes: Readonly<Record<IconName, readonly Contour[]>> = {
  square: [roundedSquare(3), roundedSquare(1)],
  'play-ring': [arc(8, 8, 7), arc(8, 8, 5.2), [6.3, 4.9, 6.3, 11.1, 11.3, 8]],
  play: [
    [
      3, 2.2, 3.17, 1.61, 3.59, 1.21, 4.14, 1.06, 4.7, 1.2, 14, 7.1, 14.39, 7.49, 14.53, 8, 14.39, 8.51, 14, 8.9, 4.7,
      14.8, 4.14, 14.94, 3.59, 14.79, 3.17, 14.39, 3, 13.8,
    ],
  ],
  'dashed-ring': [0, 60, 120, 180, 240, 300].map((angle) => [
    ...arc(8, 8, 6.75, angle + 14, angle + 46),
    ...arc(8, 8, 4.75, angle + 46, angle + 14),
  ]),
  diamond: [[8, 0.6, 15.4, 8, 8, 15.4, 0.6, 8], arc(8, 8, 2.4)],
  'octagon-bang': [octagon, [7, 4, 7, 9, 9, 9, 9, 4], [7, 10.2, 7, 12.2, 9, 12.2, 9, 10.2]],
  'octagon-cross': [
    octagon,
    [
      5.7, 4.3, 4.3, 5.7, 6.6, 8, 4.3, 10.3, 5.7, 11.7, 8, 9.4, 10.3, 11.7, 11.7, 10.3, 9.4, 8, 11.7, 5.7, 10.3, 4.3, 8,
      6.6,
    ],
  ],
  check: [[0.7, 9.34, 6.05, 14.45, 15.35, 4.49, 13.45, 2.71, 5.95, 10.75, 2.5, 7.46]],
  clock: [arc(8, 8, 7.2), arc(8, 8, 5.7), [7.15, 4, 8.85, 4, 8.85, 7.72, 11.44, 9.27, 10.56, 10.73, 7.15, 8.68]],
  cross: [
    [
      3.51, 1.74, 8, 6.23, 12.49, 1.74, 14.26, 3.51, 9.77, 8, 14.26, 12.49, 12.49, 14.26, 8, 9.77, 3.51, 14.26, 1.74,
      12.49, 6.23, 8, 1.74, 3.51,
    ],
  ],
  unknown: [
    [
      ...arc(8, 5.2, 4.5, 180, 436),
      ...arc(8, 10.2, 1.1, 0, 180),
      ...arc(8, 8.6, 1.1, 180, 270),
      ...arc(8, 5.2, 2.3, 90, -180),
      ...arc(4.6, 5.2, 1.1, 0, 180),
    ],
    arc(8, 13.6, 1.4),
  ],
  dots: [arc(2.6, 8, 1.6), arc(8, 8, 1.6), arc(13.4, 8, 1.6)],
};

/** Every shape by its name. A Map: an icon's name may come from a host's table. */
export const icons: ReadonlyMap<string, readonly Contour[]> = new Map(Object.entries(shapes));

/** SVG path data of an icon: the host's own, or a built-in one; the question mark for a name that is none. */
export function iconPath(icon: string | IconPath): string {
  if (typeof icon !== 'string') return icon.path;
  return (icons.get(icon) ?? shapes.unknown).map((contour) => `M${contour.join(' ')}Z`).join('');
}

/** The points of a circle, or of the part of it between two angles: in degrees, clockwise from the right. */
function arc(x: number, y: number, radius: number, from = 0, to = 360): Contour {
  const steps = Math.ceil(Math.abs(to - from) / 15);
  return Array.from({ length: steps + 1 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return [hundredths(x + radius * Math.cos(angle)), hundredths(y + radius * Math.sin(angle))];
  }).flat();
}

/** A square around the middle of the box, whose corners are rounded about fixed centres. */
function roundedSquare(radius: number): Contour {
  const [low, high] = [4.75, 11.25];
  return [
    ...arc(low, low, radius, 180, 270),
    ...arc(high, low, radius, 270, 360),
    ...arc(high, high, radius, 0, 90),
    ...arc(low, high, radius, 90, 180),
  ];
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
