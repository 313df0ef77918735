// What mutation tests measure: each folder, and the tests in test/unit that must find its mutants. Tests that take seconds are left out
// where others show the same.
/** @type {Readonly<Record<string, { readonly tests: readonly string[], readonly without?: readonly string[] }>>} */
export const folders = {
  'src/lifecycle': { tests: ['lifecycle/'] },
};

/** The entry of a folder, or of the folder around a path. @param {string} path */
export function folderOf(path) {
  const found = Object.entries(folders).find(([folder]) => path === folder || path.startsWith(`${folder}/`));
  if (!found) throw new Error(`Mutation tests cover ${Object.keys(folders).join(', ')}; ${path} is in none of them.`);
  return found[1];
}

/** Where the report of a run is kept, from the root of the project. @param {string} path */
export const outputOf = (path) => `.cache/mutation/${path.replaceAll('/', '-')}`;
