/** The page about browsers lists what engines lack as the tests do, and names tests that exist. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import prettier from 'prettier';
import { engineLimits } from '../../support/engine-limits.ts';

const PAGE = 'docs/browsers.md';
const page = await readFile(PAGE, 'utf8');
const HEAD = '\nAll but the speed of the screen is asked of the engine, so that these tests run as soon as it can:\n';

/** The names of the tests in a file. */
async function testNames(file: string): Promise<readonly string[]> {
  const text = await readFile(`test/elements/${file}`, 'utf8');
  return [...text.matchAll(/\bit\('([^']+)'/g)].map(([, name]) => name!);
}

test('the tests that are not run are generated from test/support/engine-limits.ts', async () => {
  const [prose] = page.split(HEAD);
  const rows = engineLimits.map(({ lacks, instead, tests }) => {
    const names = Object.entries(tests).flatMap(([file, titles]) => titles.map((title) => `\`${file}\`: ${title}`));
    return `| ${lacks} | ${instead} | ${names.join('<br>')} |`;
  });
  const text = `${prose}${HEAD}\n| An engine without | What the kit does there | Not run |\n|-|-|-|\n${rows.join('\n')}\n`;
  const options = await prettier.resolveConfig(PAGE);
  const wanted = await prettier.format(text, { ...options, parser: 'markdown' });
  // UPDATE_DOCS=1 writes them again.
  if (process.env['UPDATE_DOCS']) await writeFile(PAGE, wanted);
  else assert.equal(page, wanted);
});

test('each test that is not run exists', async () => {
  for (const { tests } of engineLimits)
    for (const [file, titles] of Object.entries(tests)) {
      const names = await testNames(file);
      for (const title of titles) assert.equal(names.filter((name) => name === title).length, 1, `${file}: ${title}`);
    }
});

test('each test that shows a fallback exists', async () => {
  const named = [...page.matchAll(/\| `([a-z-]+\.test\.ts)`: (.*?) +\|$/gm)].filter(
    ([, , title]) => !title!.includes('<br>'),
  );
  const fallbacks = named.slice(0, 2);
  assert.equal(fallbacks.length, 2);
  for (const [, file, title] of fallbacks) assert.ok((await testNames(file!)).includes(title!), title);
});
