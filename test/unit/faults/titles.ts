import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A test or a suite that names a fault or an invariant. */
export interface NamedTest {
  /** From the folder `test`, with slashes. */
  readonly file: string;
  /** Without the numbers. */
  readonly title: string;
  readonly faults: readonly number[];
  readonly invariants: readonly number[];
}

const TESTS = fileURLToPath(new URL('../../', import.meta.url));
const CALL = /^([ \t]*)(describe|it|test)(?:\.\w+)*\(\s*(['"`])((?:\\.|(?!\3)[^\\])*)\3/gm;
const NUMBERS = /(faults?|invariants?) (\d+(?:(?:, and |, | and |–)\d+)*)/gi;

/** All tests whose titles name faults or invariants: `fault 7: …`, `invariants 2, 3 and 4: …`, `invariants 1–16`. */
export function namedTests(): readonly NamedTest[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .flatMap((file) => titlesIn(readFileSync(join(TESTS, file), 'utf8')).flatMap((path) => named(file, path)));
}

/**
 * The titles of tests and suites in a source, in order, each after those of its suites. An interpolated value becomes
 * `…`.
 */
export function titlesIn(source: string): readonly (readonly string[])[] {
  const around: { readonly indent: number; readonly title: string }[] = [];
  return [...source.matchAll(CALL)].map(([, indent = '', what, , text = '']) => {
    const title = text.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…').replace(/\\(.)/g, '$1');
    while (around.length && around.at(-1)!.indent >= indent.length) around.pop();
    const path = [...around.map((group) => group.title), title];
    if (what === 'describe') around.push({ indent: indent.length, title });
    return path;
  });
}

function named(file: string, path: readonly string[]): readonly NamedTest[] {
  const found = { fault: [] as number[], invariant: [] as number[] };
  for (const [, kind = '', numbers = ''] of path.at(-1)!.matchAll(NUMBERS))
    found[kind.toLowerCase().startsWith('fault') ? 'fault' : 'invariant'].push(...spread(numbers));
  if (!found.fault.length && !found.invariant.length) return [];
  const title = path.map(withoutNumbers).filter(Boolean).join(' › ');
  return [{ file, title, faults: found.fault, invariants: found.invariant }];
}

function withoutNumbers(title: string): string {
  return title
    .replace(NUMBERS, '')
    .replace(/^[\s,:]+|[\s,:]+$/g, '')
    .replace(/\s*,?\s*:\s*/, ': ');
}

/** Expands "2, 3 and 4" and "1–16". */
function spread(numbers: string): readonly number[] {
  return numbers.split(/, and |, | and /).flatMap((one) => {
    const [first = 0, last = first] = one.split('–').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
