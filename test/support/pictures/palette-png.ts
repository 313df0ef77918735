import { crc32, deflateSync } from 'node:zlib';
import { colorAt, encode, isNear, type Picture } from './picture.ts';

/**
 * Colours that are at most this many of 255 levels apart are stored as one. Less than the tolerance of the comparison.
 */
const MERGED = 6;

/** The most colours of a palette. */
const MOST_COLORS = 256;

/** Writes a PNG file with a palette, which takes a third of the space: text alone has thousands of colours. */
export function encodeWithPalette(picture: Picture): Buffer {
  const { width, height } = picture;
  const { palette, indexOf } = paletteOf(picture);
  if (palette.length > MOST_COLORS) return encode(picture);

  const lines = Buffer.alloc((width + 1) * height); // Each line begins with its filter: 0 means none.
  for (let pixel = 0; pixel < width * height; pixel++)
    lines[pixel + Math.floor(pixel / width) + 1] = indexOf.get(colorAt(picture, pixel))!;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]); // 8 bits per pixel, an index into the palette.
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colours come first, so that plain areas keep theirs and only edges change. */
function paletteOf(picture: Picture): { palette: number[]; indexOf: Map<number, number> } {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < picture.width * picture.height; pixel++) {
    const color = colorAt(picture, pixel);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette: number[] = [];
  const indexOf = new Map<number, number>();
  for (const [color] of [...counts].sort(([, one], [, other]) => other - one)) {
    let index = palette.findIndex((known) => isNear(known, color, MERGED));
    if (index < 0) index = palette.push(color) - 1;
    indexOf.set(color, index);
  }
  return { palette, indexOf };
}

/** A chunk of a PNG file: length, name, content, checksum. */
function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
