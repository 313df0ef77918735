import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The code blocks of a language on a page, unchanged. @param page from the root of the repository */
export async function codeBlocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]!);
}

/** A folder for code of the docs while its test runs. That code imports the sources instead of the package. */
export class DocFolder {
  readonly path: string;

  /** @param name the folder's name; it lies in the repository, so that bare imports are found */
  constructor(name: string) {
    this.path = join(root, 'test/system/docs', name);
  }

  /** Writes a block. @returns the file */
  async write(name: string, code: string): Promise<string> {
    await mkdir(this.path, { recursive: true });
    const file = join(this.path, name);
    const fromSources = code
      .replaceAll("'campaign-status-kit'", "'../../../../src/index.ts'")
      .replaceAll("'campaign-status-kit/adapters/nats'", "'../../../../src/adapters/nats.ts'")
      .replaceAll("'campaign-status-kit/mocks'", "'../../../../mocks/index.ts'")
      .replaceAll("'campaign-status-kit/testing'", "'../../../../src/testing/index.ts'")
      .replaceAll("'campaign-status-kit/i18n'", "'../../../../src/i18n/index.ts'")
      .replace(/'campaign-status-kit\/i18n\/(\w+)'/g, "'../../../../src/i18n/$1.ts'");
    await writeFile(file, fromSources);
    return file;
  }

  async load<Module>(name: string): Promise<Module> {
    return (await import(pathToFileURL(join(this.path, name)).href)) as Module;
  }

  /** @param compilerOptions added to the repository's own */
  async typeCheck(compilerOptions: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const config = join(this.path, 'tsconfig.json');
    await writeFile(
      config,
      JSON.stringify({
        extends: '../../../../tsconfig.json',
        compilerOptions,
        include: ['*.ts', '*.tsx', '*.js'],
        exclude: [],
      }),
    );
    const tsc = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', config]).catch((error: { stdout: string }) =>
      assert.fail(error.stdout),
    );
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
