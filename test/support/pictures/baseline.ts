import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compare } from './compare.ts';
import { encodeWithPalette } from './palette-png.ts';
import { decode, encode, type Picture } from './picture.ts';

const HOW_TO_UPDATE = 'If it should look like this, take new pictures with `npm run test:pictures -- --update`.';

/** The stored pictures, one PNG file for each name like `elements-list--empty/dark`. */
export class Baseline {
  /**
   * @param folder their folder
   * @param reports the folder for pictures of differences
   * @param update stores pictures that differ instead of reporting them
   */
  constructor(
    private readonly folder: string,
    private readonly reports: string,
    private readonly update = false,
  ) {}

  /** The stored picture of this name. */
  read(name: string): Picture | undefined {
    const file = this.#file(name);
    return existsSync(file) ? decode(readFileSync(file)) : undefined;
  }

  /** Compares a picture with the stored one. @returns what is wrong and what to do, or `undefined` */
  check(name: string, actual: Picture, expected = this.read(name)): string | undefined {
    const difference = expected ? compare(expected, actual) : { text: 'has no stored picture yet' };
    if (!difference) return undefined;
    if (this.update) {
      write(this.#file(name), encodeWithPalette(actual));
      return undefined;
    }
    const files = Object.entries({ actual, expected, diff: difference.drawing }).flatMap(([role, picture]) =>
      picture ? [write(join(this.reports, `${name}.${role}.png`), encode(picture))] : [],
    );
    return `${name} ${difference.text}. Look at ${files.join(', ')}. ${HOW_TO_UPDATE}`;
  }

  /** The names of stored pictures that are not in `names`. An update deletes those pictures. */
  leftOver(names: ReadonlySet<string>): readonly string[] {
    const stored = readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.png'))
      .map((path) => path.replaceAll('\\', '/').slice(0, -'.png'.length));
    const left = stored.filter((name) => !names.has(name));
    if (!this.update) return left;
    for (const name of left) rmSync(this.#file(name));
    return [];
  }

  #file(name: string): string {
    return join(this.folder, `${name}.png`);
  }
}

/** Writes a file and the folders of its path. @returns the path to show */
function write(file: string, content: Buffer): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return relative(process.cwd(), file);
}
