/**
 * The example apps that only a release builds and runs (test/slow/examples): they type-check against the packed package, and what is
 * wrong does not.
 */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { AppCopies } from '../../support/examples/app-copies.ts';

interface Check {
  /** What must not type-check: a file of the folder `wrong`, and where in the app it goes. */
  readonly wrong: readonly [file: string, folder: string];
  /** Large packages that only a build needs. */
  readonly without?: readonly string[];
}
const checks: Readonly<Record<string, Check>> = {
  angular: { wrong: ['angular.ts', 'src'], without: ['@angular/build', '@angular/cli'] },
  astro: { wrong: ['astro.astro', 'src'] },
  next: { wrong: ['next.tsx', 'app'] },
  solid: { wrong: ['solid.tsx', 'src'] },
  svelte: { wrong: ['svelte.svelte', 'src'] },
};

// Two at once: most of the time goes into installing packages.
describe('types in examples', { concurrency: 2 }, () => {
  const apps = new AppCopies();
  after(() => apps.remove());

  for (const [example, { wrong, without }] of Object.entries(checks))
    it(`examples/${example} type-checks, and a wrong attribute, value or event does not`, async () => {
      const app = apps.copy(example, without);
      await apps.install(app, '--ignore-scripts'); // a check runs nothing that packages would build
      const [file, folder] = wrong;
      const source = join(import.meta.dirname, 'wrong', file);
      copyFileSync(source, join(app, folder, `wrong-${file}`));
      await assert.rejects(apps.run(app, 'run', 'check'), ({ message }: Error) => {
        const lines = readFileSync(source, 'utf8').split('\n');
        const marked = lines.flatMap((line, index) =>
          /^ *(\/\/|<!--) wrong: /.test(line) ? [`wrong-${file}:${index + 2}`] : [],
        );
        assert.deepEqual(reported(message), marked.sort(), message);
        return true;
      });
    });
});

/** The files and lines that a checker names, whatever its format. */
function reported(output: string): string[] {
  const places = stripVTControlCharacters(output).matchAll(/([\w.[\]-]+\.(?:tsx?|svelte|astro))[(:](\d+)[,:]\d+/g);
  return [...new Set([...places].map(([, file, line]) => `${file}:${line}`))].sort();
}
