// What mutation tests measure: each folder, and the folders of test/unit whose tests must find its mutants, without some files that take
// seconds and concern others.
/** @type {Readonly<Record<string, { readonly tests: readonly string[], readonly without?: readonly string[] }>>} */
export const folders = {
  'src/lifecycle': { tests: ['lifecycle'] },
  'src/store/core': {
    tests: ['store'],
    without: ['bulk', 'convergence', 'list-index', 'name-order', 'null-fields', 'search-text', 'usual-rows'],
  },
};

/** The entry of a folder, or of the folder around a path. @param {string} path */
export function folderOf(path) {
  const found = Object.entries(folders).find(([folder]) => path === folder || path.startsWith(`${folder}/`));
  if (!found) throw new Error(`Mutation tests cover ${Object.keys(folders).join(', ')}; ${path} is in none of them.`);
  return found[1];
}

/** Where the report of a run is kept, from the root of the project. @param {string} path */
export const outputOf = (path) => `.cache/mutation/${path.replaceAll('/', '-')}`;
