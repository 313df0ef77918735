/** The outline that SVG path data draws, in a form that is equal for two notations of one shape. */
export interface Outline {
  /** The segments with absolute coordinates, rounded to a hundredth of a unit. */
  readonly text: string;
  /** True if a segment begins or ends outside the box of 16 by 16 units. */
  readonly outside: boolean;
}

const BOX = 16;
/** How many numbers each command takes. */
const TAKES: ReadonlyMap<string, number> = new Map(
  Object.entries({ M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 }),
);
const COMMAND = /[\s,]*([MmLlHhVvCcSsQqTtAaZz])/y;
const NUMBER = /[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
/** After a flag of an arc, the next number may follow without a separator. */
const FLAG = /[\s,]*([01])/y;
const isFlag = (kind: string, index: number): boolean => kind === 'A' && (index === 3 || index === 4);

/** Parses SVG path data. `undefined`: a browser could not draw all of it, or it draws nothing. */
export function outlineOf(data: string): Outline | undefined {
  const segments: string[] = [];
  let outside = false;
  let place = 0;
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = place;
    const found = pattern.exec(data)?.[1];
    if (found !== undefined) place = pattern.lastIndex;
    return found;
  };

  let command = take(COMMAND);
  if (command?.toUpperCase() !== 'M') return undefined;
  while (command !== undefined) {
    const kind: string = command.toUpperCase();
    const relative: boolean = command !== kind;
    const values: number[] = [];
    for (let index = 0; index < TAKES.get(kind)!; index++) {
      const value = take(isFlag(kind, index) ? FLAG : NUMBER);
      if (value === undefined) return undefined;
      const axis = axisOf(kind, index);
      const origin = !relative || axis === undefined ? 0 : axis === 'x' ? x : y;
      values.push(Math.round((Number(value) + origin) * 100) / 100);
    }
    if (kind === 'Z') [x, y] = [startX, startY];
    else if (kind === 'H') x = values[0]!;
    else if (kind === 'V') y = values[0]!;
    else [x, y] = values.slice(-2) as [number, number];
    if (kind === 'M') [startX, startY] = [x, y];
    if (Math.min(x, y) < 0 || Math.max(x, y) > BOX) outside = true;
    segments.push(kind === 'H' || kind === 'V' ? `L ${x} ${y}` : [kind, ...values].join(' '));

    if (/^[\s,]*$/.test(data.slice(place))) break;
    // Numbers without a command repeat the last command; after a move they draw lines.
    command = take(COMMAND) ?? (kind === 'Z' ? undefined : kind === 'M' ? (relative ? 'l' : 'L') : command);
    if (command === undefined) return undefined;
  }
  const draws = segments.some((segment) => !segment.startsWith('M') && segment !== 'Z');
  return draws ? { text: segments.join(' '), outside } : undefined;
}

/** Which coordinate a number of a command is; `undefined` for the radii, the angle and the flags of an arc. */
function axisOf(kind: string, index: number): 'x' | 'y' | undefined {
  if (kind === 'V') return 'y';
  if (kind === 'A' && index < 5) return undefined;
  return (kind === 'A' ? index === 6 : index % 2 === 1) ? 'y' : 'x';
}
