import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { httpAdapter } from '../../adapters/http.ts';
import type { BackendControl, Subject } from '../subject.ts';
import { loadError } from './load-error.ts';
import { isUrl, UsageError, type CommandOptions } from './options.ts';

/** Extensions that are often left out. */
const EXTENSIONS = ['.js', '.mjs', '.ts', '.mts'];

/** The subject that the command line names. @throws UsageError if there is none */
export async function subjectOf(options: CommandOptions): Promise<Subject> {
  const { target, system, headers, readOnly, timeoutMs } = options;
  const subject = isUrl(target)
    ? {
        system: system ?? 'flows',
        createAdapter: () =>
          httpAdapter({ src: target, headers: headers.map(([name, value]): [string, string] => [name, value]) }),
      }
    : await exported(target, system);
  const control =
    options.control === undefined ? undefined : await controlOf(options.control, target, system ?? subject.system);
  return {
    ...subject,
    ...(system === undefined ? {} : { system }),
    ...(control ? { control } : {}),
    ...(readOnly ? { readOnly } : {}),
    ...(timeoutMs === undefined ? {} : { timeouts: { ...subject.timeouts, answerMs: timeoutMs } }),
  };
}

/** The rule ids in a file, one per line; text after `#` is a comment. @throws UsageError if the file can't be read */
export async function idsIn(file: string): Promise<readonly string[]> {
  try {
    const text = await readFile(file, 'utf8');
    return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || []);
  } catch (error) {
    throw new UsageError(`--expected-failures: ${(error as Error).message}`);
  }
}

/** The path of a module of the command line, if it is a file. */
export function fileOf(name: string): string | undefined {
  const path = resolve(name);
  return existsSync(path) ? path : undefined;
}

/** A subject is the default export, `subject` or the module itself, or a function that returns one. */
async function exported(name: string, system: string | undefined): Promise<Subject> {
  return (await member(name, {
    called: 'subject',
    must: 'createAdapter',
    wanted: 'a subject, { system, createAdapter, … }, by default or by its members',
    args: [{ system }],
  })) as Subject;
}

async function controlOf(name: string, url: string, system: string): Promise<BackendControl> {
  return (await member(name, {
    called: 'control',
    must: 'seed',
    wanted: 'a backend control, { seed, change, remove, … }, or a function that returns one',
    args: [url, system],
  })) as BackendControl;
}

interface Wanted {
  /** The name of the export, if it is not the default export. */
  readonly called: string;
  /** The method that identifies it. */
  readonly must: string;
  /** Describes it, for error messages. */
  readonly wanted: string;
  /** The arguments for a function that returns it. */
  readonly args: readonly unknown[];
}

async function member(name: string, { called, must, wanted, args }: Wanted): Promise<unknown> {
  const module = await load(name);
  const key = ['default', called].find((one) => module[one] !== undefined);
  const exported = key === undefined ? module : module[key];
  const isMaker = typeof exported === 'function';
  const found = isMaker ? await made(name, exported as (...args: readonly unknown[]) => unknown, args) : exported;
  if (typeof (found as Readonly<Record<string, unknown>> | null | undefined)?.[must] === 'function') return found;
  const its = key === 'default' ? 'its default export' : `its export "${key}"`;
  throw new UsageError(
    key === undefined
      ? `${name} exports ${Object.keys(module).join(', ') || 'nothing'}; it must export ${wanted}.`
      : `${name}: ${isMaker ? `what ${its} returns` : its} ${lacking(found, must)}. It must export ${wanted}.`,
  );
}

async function made(
  name: string,
  make: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    return await make(...args);
  } catch (error) {
    throw loadError(name, undefined, error);
  }
}

function lacking(found: unknown, must: string): string {
  if (typeof found !== 'object' || found === null) return `is ${found === null ? 'null' : typeof found}, not an object`;
  if (must in found) return `has "${must}", which is not a function`;
  const members = Object.keys(found).map((one) => `"${one}"`);
  return `has ${members.join(', ') || 'nothing'}; it lacks "${must}"`;
}

async function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  const file = fileOf(name);
  const specifier = file === undefined ? specifierOf(name) : pathToFileURL(file).href;
  try {
    return (await import(specifier)) as Record<string, unknown>;
  } catch (error) {
    throw loadError(name, file, error);
  }
}

/** The address of a package of the current project. */
function specifierOf(name: string): string {
  const whole = EXTENSIONS.map((extension) => `${name}${extension}`).find(fileOf);
  const hint = whole === undefined ? '.' : `; did you mean ${whole}?`;
  if (/^[./]/.test(name)) throw new UsageError(`There is no file ${resolve(name)}${hint}`);
  try {
    return pathToFileURL(createRequire(resolve('package.json')).resolve(name)).href;
  } catch {
    throw new UsageError(`${name} is neither a url, nor a file, nor a package of ${process.cwd()}${hint}`);
  }
}
