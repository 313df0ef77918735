import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of known defects. */
const DEFECTS = fileURLToPath(new URL('../test/slow/defects/', import.meta.url));

/** A way in which the kit could be wrong, as a patch, and the test that finds it. */
export interface Defect {
  /** The file, without its ending. */
  readonly name: string;
  readonly path: string;
  /** What it breaks, in a sentence. */
  readonly breaks: string;
  readonly runner: 'node' | 'browser';
  /** The test files of the command. */
  readonly tests: readonly string[];
  /** A part of the title of a test that has to fail. */
  readonly failing: string;
  /** Files that it changes. */
  readonly changes: readonly string[];
  /** What it expects to find: for each of its hunks the lines that it removes, with the lines around them. */
  readonly expects: readonly { readonly file: string; readonly lines: string }[];
}

const COMMANDS = { node: 'node --import tsx --test ', browser: 'npx wtr --files ' } as const;

/** All known defects, by name. @throws Error for a patch whose head can't be read */
export function allDefects(): readonly Defect[] {
  return readdirSync(DEFECTS)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => defectOf(file.slice(0, -'.patch'.length), readFileSync(join(DEFECTS, file), 'utf8')));
}

/**
 * Reads the head of a patch:
 *
 * ```
 * A removal that comes while a snapshot is read is dropped.
 * Red: node --import tsx --test test/unit/store/folding.test.ts
 * Failing: fault 7: removed during a snapshot
 * ```
 */
function defectOf(name: string, text: string): Defect {
  const [breaks = '', red = '', failing = ''] = text.split('\n');
  const command = red.replace(/^Red: /, '');
  const found = Object.entries(COMMANDS).find(([, begin]) => command.startsWith(begin));
  if (!breaks || !found || !failing.startsWith('Failing: ') || !text.includes('\ndiff --git '))
    throw new Error(
      `test/slow/defects/${name}.patch must begin with a line that says what it breaks, then "Red: ${COMMANDS.node}<files>" or ` +
        `"Red: ${COMMANDS.browser}<files>", then "Failing: <part of a title>", then the diff`,
    );
  const [runner, begin] = found as [keyof typeof COMMANDS, string];
  return {
    name,
    path: join(DEFECTS, `${name}.patch`),
    breaks,
    runner,
    tests: command.slice(begin.length).split(' ').filter(Boolean),
    failing: failing.slice('Failing: '.length),
    changes: [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, path = '']) => path),
    expects: text
      .split(/^diff --git .*\n/m)
      .slice(1)
      .flatMap((diff) => {
        const [head = '', ...hunks] = diff.split(/^@@ .*\n/m);
        const [, file = ''] = /^--- a\/(.+)$/m.exec(head) ?? [];
        return hunks.map((hunk) => ({ file, lines: hunk.replace(/^\+.*\n/gm, '').replace(/^[ -]/gm, '') }));
      }),
  };
}
