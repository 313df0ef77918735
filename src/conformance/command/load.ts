import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { httpAdapter } from '../../adapters/http.ts';
import type { BackDoor, Subject } from '../subject.ts';
import { isUrl, UsageError, type CommandOptions } from './options.ts';

/** The subject that the command line names. @throws UsageError if there is none */
export async function subjectOf(options: CommandOptions): Promise<Subject> {
  const { target, system, headers, readOnly, patience } = options;
  const given = isUrl(target)
    ? {
        system: system ?? 'flows',
        createAdapter: () =>
          httpAdapter({ src: target, headers: headers.map(([name, value]): [string, string] => [name, value]) }),
      }
    : await exported(target, system);
  const backDoor =
    options.backDoor === undefined ? undefined : await backDoorOf(options.backDoor, target, system ?? given.system);
  return {
    ...given,
    ...(system === undefined ? {} : { system }),
    ...(backDoor ? { backDoor } : {}),
    ...(readOnly ? { readOnly } : {}),
    ...(patience === undefined ? {} : { patience: { ...given.patience, answerMs: patience } }),
  };
}

/** The rule ids in a file: one per line, what follows a `#` is a note. @throws UsageError if it can't be read */
export async function idsIn(file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || []);
  } catch (error) {
    throw new UsageError(`--expected-failures: ${(error as Error).message}`);
  }
}

/** Where a module of the command line lies, if it is a file. */
export function fileOf(name: string): string | undefined {
  const path = resolve(name);
  return existsSync(path) ? path : undefined;
}

/** A subject is the default export, or `subject`, or the module itself; or a function that gives one. */
async function exported(name: string, system: string | undefined): Promise<Subject> {
  const module = await load(name);
  const found = module['default'] ?? module['subject'] ?? module;
  const subject = (typeof found === 'function' ? await (found as (asked: object) => unknown)({ system }) : found) as
    Partial<Subject> | undefined;
  if (typeof subject?.createAdapter === 'function') return subject as Subject;
  throw new UsageError(
    `${name} exports ${Object.keys(module).join(', ') || 'nothing'}; it must export a subject, { system, createAdapter, … }, by default or by its members.`,
  );
}

async function backDoorOf(name: string, url: string, system: string): Promise<BackDoor> {
  const module = await load(name);
  const found = module['default'] ?? module['backDoor'] ?? module;
  const door = (
    typeof found === 'function' ? await (found as (url: string, system: string) => unknown)(url, system) : found
  ) as Partial<BackDoor> | undefined;
  if (typeof door?.seed === 'function') return door as BackDoor;
  throw new UsageError(
    `--back-door: ${name} exports ${Object.keys(module).join(', ') || 'nothing'}; it must export a back door, { seed, change, remove, … }, or a function that gives one.`,
  );
}

async function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  const file = fileOf(name);
  try {
    return (await import(file ? pathToFileURL(file).href : specifierOf(name))) as Record<string, unknown>;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new UsageError(
        `${name}: Node ${process.versions.node} does not read this kind of file. With tsx installed: NODE_OPTIONS='--import tsx' npx campaign-status-kit verify ${name}`,
      );
    throw error;
  }
}

/** A package of the project that the command is run in. */
function specifierOf(name: string): string {
  if (/^[./]/.test(name)) throw new UsageError(`There is no file ${resolve(name)}.`);
  try {
    return pathToFileURL(createRequire(resolve('package.json')).resolve(name)).href;
  } catch {
    throw new UsageError(`${name} is neither a url, nor a file, nor a package of ${process.cwd()}.`);
  }
}
