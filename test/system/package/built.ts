/** The output of `npm run build`, as the tests of the package need it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

type Target = string | { types: string; default?: string };
interface Manifest {
  name: string;
  exports: Record<string, Target>;
  sideEffects: string[];
  dependencies: Record<string, string>;
  bin: Record<string, string>;
}
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

assert(existsSync(join(root, 'dist')), 'There is no dist/. Run `npm run build` first.');

/** The code entries: `[specifier, file, declarations]`. */
export const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string' || target.default === undefined
    ? [] // A document, or an entry of types only.
    : [{ specifier: manifest.name + path.slice(1), file: target.default, types: target.types }],
);

/** All modules of the kit that a file imports, and the packages that these name. */
export function reach(entry: string): { files: string[]; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(file, 'utf8');
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith('.')) visit(join(dirname(file), fileName));
      else packages.add(fileName.split('/', fileName.startsWith('@') ? 2 : 1).join('/'));
    }
  };
  visit(join(root, entry));
  return { files: [...files].map((file) => relative(root, file).replaceAll('\\', '/')), packages };
}
