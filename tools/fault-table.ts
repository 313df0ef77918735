// Writes which tests prove each fault and each invariant into docs/how-it-stays-true.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { faults, invariants } from '../test/unit/faults/catalogue.ts';
import { namedTests, type NamedTest } from '../test/unit/faults/titles.ts';

/** The document that says so. */
export const DOCUMENT = fileURLToPath(new URL('../docs/how-it-stays-true.md', import.meta.url));

/** The document with its lists written anew, and formatted. @throws Error when it has no place for one of them */
export async function withProofs(document: string, tests: readonly NamedTest[] = namedTests()): Promise<string> {
  const lists = [
    ['faults', faults, (test: NamedTest) => test.faults],
    ['invariants', invariants, (test: NamedTest) => test.invariants],
  ] as const;
  let written = document;
  for (const [name, catalogue, numbersOf] of lists) {
    const place = new RegExp(`(<!-- ${name}: .*? -->\n)[^]*?(<!-- end of ${name} -->)`);
    if (!place.test(written)) throw new Error(`${DOCUMENT} has no place "<!-- ${name}: … -->".`);
    const items = [...catalogue].map(([number, what]) =>
      [`- **${number}** ${what}.`, ...tests.filter((test) => numbersOf(test).includes(number)).map(line)].join('\n'),
    );
    written = written.replace(place, (_, begin: string, end: string) => `${begin}\n${items.join('\n')}\n\n${end}`);
  }
  return format(written, { ...(await resolveConfig(DOCUMENT)), parser: 'markdown' });
}

function line({ file, title }: NamedTest): string {
  const text = title.replace(/[\\*_<>|[\]]/g, '\\$&');
  return `  - [${basename(file, '.test.ts')}](../test/${file}): ${text}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  void withProofs(readFileSync(DOCUMENT, 'utf8')).then((text) => writeFileSync(DOCUMENT, text));
