// What mutation tests measure: each folder, without those inside that are measured by themselves, and the tests that must find its mutants:
// folders and files of test/unit. Tests that read docs are not among them, as these are not copied.
/** @type {Readonly<Record<string, { readonly tests: readonly string[] }>>} */
export const folders = {
  'src/lifecycle': { tests: ['lifecycle'] },
  'src/store/core': {
    tests: [
      'store',
      'model/regressions.test.ts',
      ...['actions', 'data', 'feed', 'invariants'].map((name) => `faults/${name}.test.ts`),
    ],
  },
};

/** The measured folder around a path: the innermost. @param {string} path */
export function folderOf(path) {
  const around = Object.keys(folders).filter((folder) => path === folder || path.startsWith(`${folder}/`));
  const inner = around.sort((a, b) => b.length - a.length)[0];
  if (inner === undefined)
    throw new Error(`Mutation tests cover ${Object.keys(folders).join(', ')}; ${path} is in none.`);
  return inner;
}

/** What is changed when a path is measured, as patterns. @param {string} path */
export function mutatedIn(path) {
  if (path.endsWith('.ts')) return [path];
  const inside = Object.keys(folders).filter((folder) => folder.startsWith(`${path}/`));
  return [`${path}/**/*.ts`, ...inside.map((folder) => `!${folder}/**`)];
}

/** Where the results for a folder are kept, from the root of the project. @param {string} folder */
export const outputOf = (folder) => `.cache/mutation/${folder.replaceAll('/', '-')}`;
