import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Bundles a module with its imports into one minified script. @param source the file, or the text of one, with paths
 * from the root
 */
export async function bundle(source: { readonly file: string } | { readonly text: string }): Promise<string> {
  const virtualModule = 'text' in source ? { id: join(root, 'given.js'), text: source.text } : undefined;
  const built = (await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      {
        name: 'given',
        enforce: 'pre',
        resolveId: (id) => (id === virtualModule?.id ? id : undefined),
        load: (id) => (id === virtualModule?.id ? virtualModule.text : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      // Not Vite's library mode: it does not remove white space.
      rolldownOptions: {
        input: 'file' in source ? source.file : virtualModule!.id,
        preserveEntrySignatures: 'strict',
      },
    },
  })) as Rolldown.RolldownOutput;
  return built.output[0].code;
}
