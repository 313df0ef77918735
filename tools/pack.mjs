// Packs the package as npm publishes it, from a build that is there.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './tally.mjs';

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** @param {string} folder where it goes @returns {string} the tarball */
export function packInto(folder) {
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  return join(folder, execFileSync(npm, pack, { cwd: root, encoding: 'utf8' }).trim());
}
