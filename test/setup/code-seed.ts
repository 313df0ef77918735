import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['mocks', 'src', 'test'];

/**
 * The default random seed, a number below 2³¹, derived from the code. What passed once passes wherever the same code is
 * tested, and every change of the code is tested with new random values.
 */
export function seedOfTheCode(): number {
  const hash = createHash('sha256');
  for (const folder of FOLDERS)
    for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort())
      if (path.endsWith('.ts')) hash.update(path).update(readFileSync(join(root, folder, path)));
  return hash.digest().readUInt32BE() >>> 1;
}
