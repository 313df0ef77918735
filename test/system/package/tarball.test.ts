import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { npm } from '../../../tools/pack.mjs';
import { entries, manifest, root } from './built.ts';

describe('the packed package', () => {
  const answer = execFileSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const packed = JSON.parse(answer) as
    { files: { path: string }[]; size: number }[] | Record<string, { files: { path: string }[]; size: number }>;
  const [tarball] = Object.values(packed);
  const files = tarball?.files.map(({ path }) => path) ?? [];

  it('contains everything that it exports', () => {
    for (const target of Object.values(manifest.exports)) {
      for (const path of typeof target === 'string' ? [target] : Object.values(target)) {
        const [start = '', end = ''] = path.replace('./', '').split('*');
        assert(
          files.some((file) => file.startsWith(start) && file.endsWith(end)),
          path,
        );
      }
    }
  });

  it('contains the licence, the build, the documentation, and nothing else', () => {
    assert(files.includes('LICENSE'));
    const expected =
      /^(dist\/.*\.(js|js\.map|d\.ts)|dist\/before-script\.css|dist\/tokens\/[a-z-]+\.json|dist\/cdn\/(integrity\.json|licenses\.md)|themes\/[a-z0-9-]+\.css|tokens\/[a-z-]+\.(tokens|resolver)\.json|contract\/(openapi|change\.schema)\.json|docs\/[a-z-]+\.(md|png)|editors\/[a-z.-]+\.json|frameworks\/[a-z0-9-]+\.d\.ts|examples\/[\w\/.()[\]-]+|src\/adapters\/contract\.ts|custom-elements\.json|package\.json|LICENSE|README\.md)$/;
    assert.deepEqual(
      files.filter((path) => !expected.test(path)),
      [],
    );
  });

  it('contains everything that its pages link to', () => {
    const pages = files.filter((path) => path.endsWith('.md'));
    const dead = pages.flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target.replace(/#.*$/, ''))
        .filter((target) => target && !/^[a-z]+:/.test(target))
        .map((target) => posix.join(posix.dirname(page), target))
        .filter((path) => !files.includes(path))
        .map((path) => `${page} -> ${path}`),
    );
    assert.deepEqual(dead, []);
  });

  it('is within its size limit', () => {
    // Its largest files are the picture in the README, and those for pages without a bundler, which hold all code twice.
    assert((tarball?.size ?? Infinity) < 1_900_000, `${tarball?.size} bytes`);
  });
});

describe('the manifest of the elements', () => {
  const elements = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')) as {
    modules: { path: string; declarations?: { tagName?: string }[] }[];
  };

  it('names every element, in files of the package', () => {
    const tags = elements.modules.flatMap(
      ({ declarations }) => declarations?.flatMap(({ tagName }) => tagName ?? []) ?? [],
    );
    const exported = entries.flatMap(({ specifier }) => /\/([a-z-]+)\/define$/.exec(specifier)?.[1] ?? []);
    assert.deepEqual(tags.sort(), exported.sort());
    for (const { path } of elements.modules) assert(ts.sys.fileExists(join(root, path)), path);
  });
});

describe('a TypeScript host', () => {
  for (const moduleResolution of [ts.ModuleResolutionKind.NodeNext, ts.ModuleResolutionKind.Bundler]) {
    it(`compiles against every entry (${ts.ModuleResolutionKind[moduleResolution]})`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'host-'));
      mkdirSync(join(folder, 'node_modules'));
      symlinkSync(root, join(folder, 'node_modules', manifest.name), 'junction');
      try {
        const host = join(folder, 'host.ts');
        const lines = entries.map(
          ({ specifier }, i) => `import * as entry${i} from '${specifier}'; console.log(entry${i});`,
        );
        writeFileSync(
          host,
          `${lines.join('\n')}\nconst tag = document.createElement('campaign-status-tag'); tag.system = 'flows';\n`,
        );
        const program = ts.createProgram([host], {
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          skipLibCheck: false,
          target: ts.ScriptTarget.ES2022,
          module: moduleResolution === ts.ModuleResolutionKind.NodeNext ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext,
          moduleResolution,
          lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
          types: [],
        });
        const ours = ts
          .getPreEmitDiagnostics(program)
          .filter(({ file }) => !file || !file.fileName.includes('/node_modules/'));
        assert.equal(
          ts.formatDiagnostics(ours, {
            getCanonicalFileName: (name) => name,
            getCurrentDirectory: () => root,
            getNewLine: () => '\n',
          }),
          '',
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
