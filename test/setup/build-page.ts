/** Host pages for tests, built over the kit's sources: what is tested is the code as it is now, not the last build of dist/. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Builds a host page.
 *
 * @param page its folder, from the top of the repository
 * @param into where the built files go; emptied before
 * @param more further modules, from the top of the repository; the one of the name `x` is put at `assets/x.js`
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
        // The package declares side effects for what it ships alone, and src/define.ts is nothing but one.
        name: 'own-side-effects',
        transform: (code, id) => (id.includes('/node_modules/') ? null : { code, map: null, moduleSideEffects: true }),
      },
    ],
  });
}
