import { PNG } from 'pngjs';

/** Pixels, four bytes each: red, green, blue, opacity. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** Reads a PNG file. */
export function decode(file: Uint8Array): Picture {
  return PNG.sync.read(Buffer.from(file));
}

/** Writes a PNG file with exact colours. */
export function encode({ width, height, data }: Picture): Buffer {
  const image = new PNG({ width, height });
  image.data = data;
  return PNG.sync.write(image);
}

/** The colour of a pixel as 0xRRGGBB. Pictures of pages are opaque. */
export function colorAt({ data }: Picture, pixel: number): number {
  return data.readUInt32BE(pixel * 4) >>> 8;
}

/** Whether red, green and blue of two colours are at most this many of 255 levels apart. */
export function isNear(one: number, other: number, levels: number): boolean {
  return (
    Math.abs((one >> 16) - (other >> 16)) <= levels &&
    Math.abs(((one >> 8) & 255) - ((other >> 8) & 255)) <= levels &&
    Math.abs((one & 255) - (other & 255)) <= levels
  );
}
