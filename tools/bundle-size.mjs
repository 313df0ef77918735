// What a page downloads for some imports, bundled as a host would: minified, with all packages, split where an import is dynamic.
import { basename } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/** @typedef {{ name: string, bytes: number }} Module minified, before compression */
/** @typedef {{ bytes: number, modules: Module[] }} Load brotli bytes of its files, and what is in them, largest first */

/**
 * @param {readonly string[]} specifiers as a host's code imports them
 * @param {string} folder from which they are resolved
 * @returns {Promise<{ first: Load, lazy: Load }>} the files that load at once, and those that dynamic imports load later
 */
export async function bundleSize(specifiers, folder) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: specifiers.map((name) => `export * from '${name}';`).join('\n'), resolveDir: folder },
    absWorkingDir: folder,
    outdir: 'out',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent', // a failure is thrown
  });
  const outputs = Object.entries(metafile.outputs);
  const first = new Set(outputs.filter(([, { entryPoint }]) => entryPoint === '<stdin>').map(([path]) => path));
  for (const path of first)
    for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? [])
      if (kind === 'import-statement') first.add(imported);

  /** @param {(path: string) => boolean} belongs @returns {Load} */
  const load = (belongs) => {
    const files = outputs.filter(([path]) => belongs(path));
    const names = new Set(files.map(([path]) => basename(path)));
    const contents = outputFiles.filter(({ path }) => names.has(basename(path)));
    return {
      bytes: contents.reduce((sum, { contents }) => sum + brotliCompressSync(contents).length, 0),
      modules: modulesOf(files.flatMap(([, { inputs }]) => Object.entries(inputs))),
    };
  };
  return { first: load((path) => first.has(path)), lazy: load((path) => !first.has(path)) };
}

/** Adds up the inputs, those of a package as one. @param {[string, { bytesInOutput: number }][]} inputs */
function modulesOf(inputs) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const [path, { bytesInOutput }] of inputs) {
    const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
    sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}
