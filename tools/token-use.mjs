// Which custom properties the elements read, by their sources.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './tally.mjs';

/** The custom properties that a source reads. @param {string} source */
const readBy = (source) => new Set(Array.from(source.matchAll(/var\((--[\w-]+)/g), ([, name = '']) => name));

/** The sources that a source imports, at once or later, and itself. @param {string} file @param {Set<string>} [files] */
function importsOf(file, files = new Set()) {
  if (files.has(file)) return files;
  files.add(file);
  const source = readFileSync(join(root, file), 'utf8');
  for (const [, path = ''] of source.matchAll(/(?:from|import|import\()\s*'(\.[^']+\.ts)'/g))
    importsOf(join(dirname(file), path), files);
  return files;
}

/**
 * The properties of `properties` that a source and what it imports read.
 * @param {string} file
 * @param {import('./token-source.mjs').Property[]} properties
 */
export function usedBy(file, properties) {
  const sources = [...importsOf(file)].filter((path) => !path.endsWith('-tokens.styles.ts'));
  const read = readBy(sources.map((path) => readFileSync(join(root, path), 'utf8')).join('\n'));
  const used = properties.filter(({ name, alias }) => read.has(alias) || read.has(name));
  const references = new Set(used.flatMap(({ token }) => token.aliasChain ?? []));
  return properties.filter((property) => used.includes(property) || references.has(property.token.id));
}
