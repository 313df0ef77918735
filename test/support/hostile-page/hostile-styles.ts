import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'tailwindcss';

const read = (specifier: string): string => readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8');

/** Style sheets of hosts that reach for everything on the page. */
export const hostileStyles = {
  tailwind: await tailwindReset(),
  bootstrap: read('bootstrap/dist/css/bootstrap.css'),
  reset: '* { all: revert; }',
} as const;

async function tailwindReset(): Promise<string> {
  const { build } = await compile('@import "tailwindcss/theme"; @import "tailwindcss/preflight";', {
    loadStylesheet: (id) => Promise.resolve({ path: id, base: '', content: read(`${id}.css`) }),
  });
  return build([]);
}
