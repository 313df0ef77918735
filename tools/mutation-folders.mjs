// What mutation tests measure: each folder, and the folders of test/unit whose tests must find its mutants.
export const folders = {
  'src/lifecycle': ['lifecycle'],
  'src/store': ['store', 'faults', 'model'],
  'src/adapters': ['adapters', 'contract', 'security'],
};

/** The tests of a folder or file. @param {string} path @returns {readonly string[]} */
export function testsOf(path) {
  const found = Object.entries(folders).find(([folder]) => path === folder || path.startsWith(`${folder}/`));
  if (!found) throw new Error(`Mutation tests cover ${Object.keys(folders).join(', ')}; ${path} is in none of them.`);
  return found[1];
}

/** Where the report of a run is kept, from the root of the project. @param {string} path */
export const outputOf = (path) => `.cache/mutation/${path.replaceAll('/', '-')}`;
