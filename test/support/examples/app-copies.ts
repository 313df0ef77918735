/** The apps of examples/, as a host makes them: each in a folder of its own, with the packed package as a dependency. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npm, packInto } from '../../../tools/pack.mjs';
import { manifest, root } from '../../system/package/built.ts';

/** Frameworks that would report their use to their makers. */
const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' };

export class AppCopies {
  readonly #folder = mkdtempSync(join(tmpdir(), 'examples-'));
  readonly #tarball = packInto(this.#folder);

  /** Copies an example. @param without packages that are left out @returns its folder */
  copy(example: string, without: readonly string[] = []): string {
    const app = join(this.#folder, example);
    cpSync(join(root, 'examples', example), app, { recursive: true });
    const file = join(app, 'package.json');
    const { dependencies, devDependencies, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    for (const name of without) delete devDependencies[name];
    const packed = { ...dependencies, [manifest.name]: `file:${this.#tarball}` };
    writeFileSync(file, JSON.stringify({ ...rest, dependencies: packed, devDependencies }));
    return app;
  }

  /** Installs the packages of an app. @param more further arguments of npm */
  async install(app: string, ...more: readonly string[]): Promise<void> {
    await this.run(app, 'install', '--no-audit', '--no-fund', '--prefer-offline', ...more);
  }

  /** Runs npm in an app. */
  async run(app: string, ...args: readonly string[]): Promise<void> {
    await promisify(execFile)(npm, args, { cwd: app, env }).catch((error: { stdout: string; stderr: string }) =>
      assert.fail(`npm ${args.join(' ')}\n${error.stdout}\n${error.stderr}`),
    );
  }

  /** Removes all apps. They hold tens of thousands of files: one file after the other would take as long as a check. */
  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
