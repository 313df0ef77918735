/** A project of a host that has installed the packed package and its dependencies, but no peer. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packInto } from '../../../tools/pack.mjs';
import { manifest, root } from './built.ts';

/** The project, with the command of the package. */
export interface HostProject {
  readonly folder: string;
  /** The file that `npx campaign-status-kit` runs. */
  readonly command: string;
  remove(): void;
}

/** Packs the package and unpacks it into a new project. The dependencies are links to those of the repository. */
export function installPackage(): HostProject {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  const installed = join(folder, 'node_modules', manifest.name);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', packInto(folder), '-C', installed, '--strip-components=1']);
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link, 'junction');
  }
  return {
    folder,
    command: join(installed, manifest.bin[manifest.name]!),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
