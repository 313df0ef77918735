import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Where this package lies, as seen from where the command is run; empty if that is the same. */
export function kitFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  const near = relative(process.cwd(), folder);
  return near.startsWith('..') ? folder : near;
}
