/** The types for frameworks, as a host has them: from the packed package. Each file marks what must not type-check. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { compile } from 'svelte/compiler';
import ts from 'typescript';
import { root } from './built.ts';
import { installPackage } from './installed.ts';

/** The packages of each framework that a host has installed: name, and folder in the repository if that is another. */
const packages: Readonly<Record<string, readonly (readonly [name: string, folder?: string])[]>> = {
  angular: [['@angular/core']],
  document: [],
  preact: [['preact']],
  react: [['@types/react']],
  'react-18': [['@types/react', 'types-react-18']],
  solid: [['solid-js']],
  svelte: [['svelte']],
  vue: [['vue']],
};
const jsxImportSource: Readonly<Record<string, string>> = { preact: 'preact', solid: 'solid-js' };
const folder = join(import.meta.dirname, 'frameworks');
const files = readdirSync(folder);

describe('types for frameworks', () => {
  const host = installPackage();
  after(() => host.remove());

  for (const framework of new Set(files.map((name) => name.split('.')[0]!)))
    it(`${framework}: what a host must not write is an error, and nothing else`, () => {
      const links = packages[framework]!.map(([name, source = name]) => {
        const link = join(host.folder, 'node_modules', name);
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(join(root, 'node_modules', source), link, 'junction');
        return link;
      });
      const copies = files
        .filter((name) => name.startsWith(`${framework}.`) && /\.tsx?$/.test(name))
        .map((name) => {
          copyFileSync(join(folder, name), join(host.folder, name));
          return join(host.folder, name);
        });
      assert.equal(errorsOf(copies, jsxImportSource[framework] ?? 'react', host.folder), '');
      for (const link of links) rmSync(link);
    });

  it('the component of Svelte compiles', () => {
    const { warnings } = compile(readFileSync(join(folder, 'svelte.page.svelte'), 'utf8'), {});
    assert.deepEqual(warnings, []);
  });
});

/** Source files that all programs share: most of the time goes into reading those of the DOM. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function errorsOf(files: readonly string[], jsxImportSource: string, from: string): string {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.Preserve,
    jsxImportSource,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  };
  const compiler = ts.createCompilerHost(options);
  const read = compiler.getSourceFile;
  compiler.getSourceFile = (name, ...rest) => {
    if (!name.includes('/typescript/lib/')) return read(name, ...rest);
    if (!parsed.has(name)) parsed.set(name, read(name, ...rest));
    return parsed.get(name);
  };
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(ts.createProgram(files, options, compiler)), {
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => from,
    getNewLine: () => '\n',
  });
}
