/**
 * The example apps that only a release builds and runs (test/slow/examples): they type-check against the packed package, and what is
 * wrong does not.
 */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { AppCopies } from '../../support/examples/app-copies.ts';

/** For each app: a file with what must not type-check, and where it goes. */
const wrong: Readonly<Record<string, readonly [file: string, folder: string]>> = {
  svelte: ['svelte.svelte', 'src'],
  solid: ['solid.tsx', 'src'],
  astro: ['astro.astro', 'src'],
  next: ['next.tsx', 'app'],
  angular: ['angular.ts', 'src'],
};
const apps = new AppCopies();
after(() => apps.remove());

for (const [example, [file, folder]] of Object.entries(wrong))
  it(`examples/${example} type-checks, and a wrong attribute, value or event does not`, async () => {
    const app = apps.copy(example);
    await apps.install(app, '--ignore-scripts'); // a check runs nothing that packages would build
    await apps.run(app, 'run', 'check');
    const source = join(import.meta.dirname, 'wrong', file);
    copyFileSync(source, join(app, folder, `wrong-${file}`));
    await assert.rejects(apps.run(app, 'run', 'check'), (error: Error) => {
      const lines = readFileSync(source, 'utf8').split('\n');
      const marked = lines.flatMap((line, index) => (/^ *(\/\/|<!--) wrong: /.test(line) ? [index + 2] : []));
      assert.deepEqual(reported(error.message, `wrong-${file}`), marked, error.message);
      return true;
    });
  });

/** The lines of a file that a checker names, whatever its format. */
function reported(output: string, file: string): number[] {
  const places = stripVTControlCharacters(output).matchAll(
    new RegExp(`${file.replace('.', '\\.')}[^\\w\\n]{1,2}(\\d+)[:,]\\d+`, 'g'),
  );
  return [...new Set([...places].map(([, line]) => Number(line)))].sort((a, b) => a - b);
}
