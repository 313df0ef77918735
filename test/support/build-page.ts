/** Builds host pages for tests from the kit's sources: the tests run the current code, not the last build of dist/. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds a host page.
 *
 * @param page its folder, from the root of the repository
 * @param into the folder for the built files; emptied first
 * @param more further modules, from the root of the repository; the one named `x` becomes `assets/x.js`
 */
export async function buildPage(
  page: string,
  into: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const input: Record<string, string> = { index: join(root, page, 'index.html') };
  for (const [name, path] of Object.entries(more)) input[name] = join(root, path);
  await build({
    root: join(root, page),
    configFile: join(root, 'examples/plain/vite.config.js'),
    logLevel: 'error',
    resolve: { alias: { 'campaign-status-kit/define': join(root, 'src/define.ts') } },
    build: {
      outDir: into,
      emptyOutDir: true,
      rolldownOptions: {
        input,
        output: { entryFileNames: 'assets/[name].js' },
      },
    },
    plugins: [
      {
        // package.json declares side effects for the built files only, but src/define.ts consists of side effects.
        name: 'own-side-effects',
        transform: (code, id) => (id.includes('/node_modules/') ? null : { code, map: null, moduleSideEffects: true }),
      },
    ],
  });
}
