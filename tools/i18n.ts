// npm run i18n export [folder]: writes a file for translators for each language, and en.json, their source.
// npm run i18n import <file>…: reads such files, named by their language, into src/i18n/<language>.ts.
// npm run i18n: checks all languages.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { fromExchange, toExchange, type ExchangeFile } from '../src/i18n/exchange.ts';
import type { Message, Translations } from '../src/i18n/index.ts';
import { english, translated } from '../test/support/languages.ts';

const [command, ...paths] = process.argv.slice(2);
if (command === 'export') exportTo(paths[0] ?? '.cache/i18n');
else if (command === 'import') for (const path of paths) await importFrom(path);
else {
  const tests = ['--import', 'tsx', '--test', '--test-reporter=dot', 'test/unit/i18n/languages.test.ts'];
  process.exitCode = spawnSync(process.execPath, tests, { stdio: 'inherit' }).status ?? 1;
}

function exportTo(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const language of [english, ...Object.values(translated)]) {
    const path = join(folder, `${language.lang}.json`);
    writeFileSync(path, `${JSON.stringify(toExchange(language), null, 2)}\n`);
    console.log(path);
  }
}

async function importFrom(path: string): Promise<void> {
  const lang = basename(path, '.json');
  const source = moduleOf(fromExchange(lang, JSON.parse(readFileSync(path, 'utf8')) as ExchangeFile));
  const target = `src/i18n/${lang}.ts`;
  writeFileSync(target, await format(source, { ...(await resolveConfig(target)), parser: 'typescript' }));
  console.log(target);
}

/** The module of a language: the texts in the order and the groups of the English files. What English lacks comes last. */
function moduleOf({ lang, messages = {}, terms = {} }: Translations): string {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(lang) ?? lang;
  const rest = new Map<string, Message | undefined>(Object.entries(messages));
  const lines = englishLines().flatMap((line) => {
    if (line.startsWith('//')) return [`\n${line}`];
    const message = rest.get(line);
    if (message === undefined) return [];
    rest.delete(line);
    return [entry(line, message)];
  });
  return `import type { Language } from './translations.ts';

/** ${name}. */
export const ${lang.replaceAll('-', '')}: Language = {
  lang: ${JSON.stringify(lang)},
  messages: {${[...lines, ...[...rest].map(([key, message]) => entry(key, message))].join('\n')}},
  terms: {${Object.keys({ ...english.terms, ...terms })
    .flatMap((path) => (path in terms ? [entry(path, terms[path])] : []))
    .join('\n')}},
};
`;
}

function entry(key: string, text: Message | undefined): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(text)},`;
}

/** The keys of the English messages, and the comments that group them, in the order of their files. */
function englishLines(): string[] {
  const files = readdirSync('src/i18n').filter((file) => /^en(-\w+)?\.ts$/.test(file));
  const source = files.map((file) => readFileSync(`src/i18n/${file}`, 'utf8')).join('\n');
  return [...source.matchAll(/^ {2}(?:(\/\/ .*)|'([\w.-]+)':)/gm)].map(([, comment, key]) => comment ?? key!);
}
