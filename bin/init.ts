import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const KINDS = ['contract', 'list', 'list-and-push'];
const FILES = ['campaigns.js', 'subject.js'];

const HELP = `Writes an adapter, and a subject for \`verify\`.

  campaign-status-kit init [folder] [--for KIND]

  folder       where to write campaigns.js and subject.js; default: the current one
  --for KIND   what your backend gives you; default: contract
                 contract        the kit's HTTP contract, as \`campaign-status-kit backend\` does
                 list            a list of campaigns, in any shape
                 list-and-push   a list, and a push that says which campaign changed
  --help       print this text

It overwrites nothing. Then: campaign-status-kit verify ./subject.js
`;

/** The command line is wrong, or the files can't be written. */
class UsageError extends Error {}

/** Runs the command `init`. Sets the exit code: 2 for a wrong command line, or for a file that is there already. */
export function runInit(args: readonly string[]): void {
  try {
    process.stdout.write(init(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nMore: campaign-status-kit init --help\n`);
    process.exitCode = 2;
  }
}

/** @returns what to print */
function init(args: readonly string[]): string {
  const { folder, kind } = optionsOf(args);
  if (kind === undefined) return HELP;
  const targets = FILES.map((name) => join(folder, name));
  const present = targets.filter((target) => existsSync(target));
  if (present.length) throw new UsageError(`${present.join(' and ')}: already there, and init overwrites nothing.`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [index, name] of FILES.entries()) writeFileSync(targets[index]!, example(kind, name), { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`${folder}: ${(error as Error).message}`);
  }
  const [adapter, subject] = targets;
  const next =
    kind === 'contract'
      ? `Start a backend:  campaign-status-kit backend --port 8787`
      : `Change in both what is not as in your backend: addresses, fields and status words.`;
  return `Wrote ${adapter} and ${subject}. They are modules: package.json needs "type": "module".\n${next}\nThen check it:    campaign-status-kit verify ${subject}\n`;
}

function optionsOf(args: readonly string[]): { readonly folder: string; readonly kind?: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { for: { type: 'string', default: 'contract' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  const [folder = '.', ...more] = positionals;
  if (values.help) return { folder };
  if (more.length) throw new UsageError(`Give one folder, not ${positionals.length}.`);
  if (!KINDS.includes(values.for))
    throw new UsageError(`--for: got "${values.for}"; give one of: ${KINDS.join(', ')}.`);
  return { folder, kind: values.for };
}

/** A file of the package's examples, without its first line, which is for the kit's own compiler. */
function example(kind: string, name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'examples')) && dirname(folder) !== folder) folder = dirname(folder);
  return readFileSync(join(folder, 'examples/adapters', kind, name), 'utf8').replace(/^\/\/ @ts-nocheck.*\n/, '');
}
