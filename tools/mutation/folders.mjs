// What mutation tests measure: each folder, and the tests that must find its mutants: folders and files of test/unit. Tests that read docs are
// not among them, as these are not copied.
/** @type {Readonly<Record<string, { readonly tests: readonly string[] }>>} */
export const folders = {
  'src/lifecycle': { tests: ['lifecycle'] },
};

/** The measured folder around a path. @param {string} path */
export function folderOf(path) {
  const names = Object.keys(folders);
  const found = names.find((folder) => `${path}/`.startsWith(`${folder}/`));
  if (found === undefined) throw new Error(`Mutation tests cover ${names.join(', ')}; ${path} is in none of them.`);
  return found;
}

/** Where the results for a folder are kept, from the root of the project. @param {string} folder */
export const outputOf = (folder) => `.cache/mutation/${folder.replaceAll('/', '-')}`;
