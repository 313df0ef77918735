import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, relative, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { httpAdapter } from '../../adapters/http.ts';
import type { BackendControl, Subject } from '../subject.ts';
import { isUrl, UsageError, type CommandOptions } from './options.ts';

const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx'];
/** Extensions that are often left out. */
const EXTENSIONS = ['.js', '.mjs', '.ts', '.mts'];
/** How long Node may take to locate a syntax error. */
const LOCATE_MS = 30_000;

/** The subject that the command line names. @throws UsageError if there is none */
export async function subjectOf(options: CommandOptions): Promise<Subject> {
  const { target, system, headers, readOnly, timeoutMs } = options;
  const subject: Subject = isUrl(target)
    ? { system: 'flows', createAdapter: () => httpAdapter({ src: target, headers }) }
    : await exported(
        target,
        'createAdapter',
        [{ system }],
        'subject',
        'a subject, { system, createAdapter, … }, by default or by its members',
      );
  const name = system ?? subject.system;
  const control: BackendControl | undefined =
    options.control === undefined
      ? undefined
      : await exported(
          options.control,
          'seed',
          [target, name],
          'control',
          'a backend control, { seed, change, remove, … }, or a function that returns one',
        );
  return {
    ...subject,
    system: name,
    ...(control ? { control } : {}),
    ...(readOnly ? { readOnly } : {}),
    ...(timeoutMs === undefined ? {} : { timeouts: { ...subject.timeouts, answerMs: timeoutMs } }),
  };
}

/** The rule ids in a file, one per line; text after `#` is a comment. @throws UsageError if the file can't be read */
export async function idsIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`--expected-failures: ${error.message}`);
  });
  return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim() || []);
}

/** The path of a module of the command line, if it is a file. */
export function fileOf(name: string): string | undefined {
  const path = resolve(name);
  return existsSync(path) ? path : undefined;
}

/** A path relative to the working directory, if it is below it. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/**
 * Loads what a module exports by default, by a name, or by its members, or what a function that it exports so returns.
 *
 * @param must the method that identifies it
 * @param args for the function
 * @param wanted describes it, for error messages
 */
async function exported<T>(
  name: string,
  must: string,
  args: readonly unknown[],
  called: string,
  wanted: string,
): Promise<T> {
  const module = await load(name);
  const key = ['default', called].find((one) => module[one] !== undefined);
  const value = key === undefined ? module : module[key];
  const isMaker = typeof value === 'function';
  const found: unknown = isMaker
    ? await made(name, () => (value as (...args: readonly unknown[]) => unknown)(...args))
    : value;
  if (typeof (found as Readonly<Record<string, unknown>> | null | undefined)?.[must] === 'function') return found as T;
  if (key === undefined)
    throw new UsageError(`${name} exports ${Object.keys(module).join(', ') || 'nothing'}; it must export ${wanted}.`);
  const its = `${isMaker ? 'what ' : ''}${key === 'default' ? 'its default export' : `its export "${key}"`}${isMaker ? ' returns' : ''}`;
  throw new UsageError(`${name}: ${its} ${lacking(found, must)}. It must export ${wanted}.`);
}

function lacking(found: unknown, must: string): string {
  if (typeof found !== 'object' || found === null) return `is ${found === null ? 'null' : typeof found}, not an object`;
  if (must in found) return `has "${must}", which is not a function`;
  const members = Object.keys(found).map((one) => `"${one}"`);
  return `has ${members.join(', ') || 'nothing'}; it lacks "${must}"`;
}

function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  const file = fileOf(name);
  const specifier = file === undefined ? specifierOf(name) : pathToFileURL(file).href;
  return made(name, () => import(specifier) as Promise<Record<string, unknown>>, file);
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

/** Runs code of a module. @throws UsageError with its error and the line in its author's code */
async function made<T>(name: string, run: () => T | Promise<T>, file?: string): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION') throw unreadable(name, error as Error);
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const place = error instanceof Error ? (placeIn(error.stack) ?? syntaxErrorPlace(file, error)) : undefined;
    const at = place === undefined || text.includes(place) ? '' : `\n  at ${place}`;
    throw new UsageError(`${name} could not be loaded: ${text}${at}`);
  }
}

function unreadable(name: string, { message }: Error): UsageError {
  const [, extension = extname(name), file = name] = /extension "(.*?)" for (.*)/.exec(message) ?? [];
  const which = `${nearFile(file)}: Node ${process.versions.node} does not read this kind of file`;
  return new UsageError(
    TYPESCRIPT.includes(extension)
      ? `${which}. Install tsx: npm i -D tsx, then NODE_OPTIONS='--import tsx' npx campaign-status-kit verify ${name}`
      : `${which}; give a url, or a JavaScript or TypeScript module.`,
  );
}

/** The innermost stack line in the author's code, as `file:line`. */
function placeIn(text: string = ''): string | undefined {
  for (const line of text.split('\n')) {
    const [, file, row] = /(?:^|[\s(])(file:\/\/[^\s()]+?|\/[^\s():]+):(\d+)(?::\d+)?\)?$/.exec(line) ?? [];
    if (file !== undefined && !/node_modules|\/conformance\/command/.test(file)) return `${nearFile(file)}:${row}`;
  }
  return undefined;
}

/** Node does not give the place of a syntax error to code that catches it. It prints the place if it is started with that module. */
function syntaxErrorPlace(file: string | undefined, error: Error): string | undefined {
  if (!(error instanceof SyntaxError) || file === undefined) return undefined;
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const args = [...process.execArgv, file];
  return placeIn(spawnSync(process.execPath, args, { encoding: 'utf8', stdio: [...stdio], timeout: LOCATE_MS }).stderr);
}

function nearFile(file: string): string {
  return nearPath(file.startsWith('file:') ? fileURLToPath(file) : file);
}
