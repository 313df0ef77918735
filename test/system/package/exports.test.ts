import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { entries, manifest, reach, root } from './built.ts';

const tags = entries.flatMap(({ specifier }) => /\/([a-z-]+)\/define$/.exec(specifier)?.[1] ?? []);
const isDefine = (path: string): boolean => /(^|\/)define(\.js)?$/.test(path);

/** Runs a module in a separate Node process, which has no window. */
function inNode(code: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

describe('what the package exports', () => {
  it('exists, with declarations', () => {
    for (const target of Object.values(manifest.exports)) {
      for (const path of typeof target === 'string' ? [target] : Object.values(target)) {
        const [fileOrFolder = ''] = path.split('*');
        assert(existsSync(join(root, fileOrFolder)), path);
      }
    }
  });

  it('has two entries per element: its class, and its definition', () => {
    assert(tags.length >= 7);
    for (const tag of tags)
      assert(
        entries.some(({ specifier }) => specifier === `${manifest.name}/${tag}`),
        tag,
      );
  });

  it('defines nothing in the class modules, which load in Node without a window', () => {
    // The helpers for hosts' tests put elements on the page, and say that they define them.
    const specifiers = entries
      .map(({ specifier }) => specifier)
      .filter((specifier) => !isDefine(specifier) && !specifier.endsWith('/testing'));
    const found = inNode(`
      for (const specifier of ${JSON.stringify(specifiers)}) await import(specifier);
      if (typeof window !== 'undefined') throw new Error('a window');
      console.log(${JSON.stringify(tags)}.filter((tag) => globalThis.customElements?.get(tag)).join());
    `);
    assert.equal(found.trim(), '');
  });

  it('lists the modules with side effects: those that define elements, those for pages without a bundler, and the English texts', () => {
    const pattern = manifest.sideEffects.map(
      (glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}$`),
    );
    const modules = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    for (const path of modules.map((path) => path.replaceAll('\\', '/'))) {
      const marked = pattern.some((regex) => regex.test(`./dist/${path}`));
      assert.equal(marked, isDefine(path) || path === 'i18n/en.js' || path.startsWith('cdn/'), path);
    }
  });

  for (const tag of ['campaign-list', 'campaign-header', 'campaign-log', 'recovery-guide'])
    it(`${tag} brings its English texts`, () => {
      assert(reach(`dist/elements/${tag}/define.js`).files.includes('dist/i18n/en.js'));
    });

  for (const { specifier, file } of entries) {
    it(`${specifier} imports only declared packages`, () => {
      const { files, packages } = reach(file);
      const mocks = specifier.includes('/mocks');
      // No peer either: a host passes MSW’s `http` to the mocks, and its NATS client to the adapter.
      assert.deepEqual(
        [...packages].filter((name) => !Object.hasOwn(manifest.dependencies, name)),
        [],
      );
      if (!mocks)
        assert.deepEqual(
          files.filter((path) => path.startsWith('dist/mocks/')),
          [],
        );
    });
  }

  it('a tag imports neither store nor RxJS', () => {
    const { files, packages } = reach('dist/elements/campaign-status-tag/define.js');
    assert.deepEqual(
      [...packages].filter((name) => !['lit', '@lit/context', '@lit/reactive-element'].includes(name)),
      [],
    );
    assert.deepEqual(
      files.filter((path) => /^dist\/(store|adapters|provider)\//.test(path)),
      [],
    );
  });
});

describe('declarations', () => {
  it('import existing files, by names that every tool resolves', () => {
    const types = join(root, 'dist/types');
    for (const path of readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.d.ts'),
    )) {
      const text = readFileSync(join(types, path), 'utf8');
      for (const [, specifier = ''] of text.matchAll(/(?:from |import\(?)['"](\.[^'"]+)['"]/g)) {
        const file = join(dirname(join(types, path)), specifier.replace(/\.js$/, '.d.ts'));
        assert(specifier.endsWith('.js') && existsSync(file), `${path}: ${specifier}`);
      }
    }
  });
});
