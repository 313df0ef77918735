/** Builds each subject's module as a host's production build would. A peer that is not installed is left out, with the reason. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The folder of the benchmark, with the peers' packages. */
export const bench = fileURLToPath(new URL('.', import.meta.url));

export interface Built {
  readonly subjects: readonly string[];
  /** Why a subject is missing. */
  readonly missing: ReadonlyMap<string, string>;
}

export const peersInstalled = (): boolean => existsSync(join(bench, 'node_modules'));

/** @param group a folder with `subjects` and `peers` @param into where the modules go */
export async function buildSubjects(group: string, into: string): Promise<Built> {
  const subjects: string[] = [];
  const missing = new Map<string, string>();
  for (const folder of peersInstalled() ? ['subjects', 'peers'] : ['subjects'])
    for (const file of readdirSync(join(bench, group, folder))) {
      const name = file.replace(/\.(ts|js)$/, '');
      try {
        await buildModule(join(bench, group, folder, file), join(into, group), name);
        subjects.push(name);
      } catch (error) {
        missing.set(name, `it could not be built: ${String(error).slice(0, 300)}`);
      }
    }
  return { subjects, missing };
}

async function buildModule(file: string, into: string, name: string): Promise<void> {
  await build({
    configFile: false,
    root: bench,
    publicDir: false,
    logLevel: 'error',
    // package.json declares side effects for the built files only.
    plugins: [
      {
        name: 'own-side-effects',
        transform: (code, id) => (id.includes('/node_modules/') ? null : { code, map: null, moduleSideEffects: true }),
      },
    ],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: into,
      emptyOutDir: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: file },
        output: { entryFileNames: '[name].js', chunkFileNames: `${name}/[name]-[hash].js` },
      },
    },
  });
}
