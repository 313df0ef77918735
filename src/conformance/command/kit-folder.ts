import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of this package, relative to the working directory; empty if they are the same. */
export function kitFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  const near = relative(process.cwd(), folder);
  return near.startsWith('..') ? folder : near;
}
