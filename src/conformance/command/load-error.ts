import { spawnSync } from 'node:child_process';
import { extname, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UsageError } from './options.ts';

const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx'];
/** How long Node may take to locate a syntax error. */
const LOCATE_MS = 30_000;

/** Why a module could not be loaded, for its author: the error and the line in their code. */
export function loadError(name: string, file: string | undefined, error: unknown): UsageError {
  if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION') return unreadable(name, error as Error);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = error instanceof Error ? (placeIn(error.stack) ?? syntaxErrorPlace(file, error)) : undefined;
  return new UsageError(
    `${name} could not be loaded: ${text}${place === undefined || text.includes(place) ? '' : `\n  at ${place}`}`,
  );
}

function unreadable(name: string, error: Error): UsageError {
  const [, extension = extname(name), file = name] = /extension "(.*?)" for (.*)/.exec(error.message) ?? [];
  const which = `${shown(file)}: Node ${process.versions.node} does not read this kind of file`;
  return new UsageError(
    TYPESCRIPT.includes(extension)
      ? `${which}. Install tsx: npm i -D tsx, then NODE_OPTIONS='--import tsx' npx campaign-status-kit verify ${name}`
      : `${which}; give a url, or a JavaScript or TypeScript module.`,
  );
}

/** The innermost stack line in the author's code, as `file:line`. */
function placeIn(text: string | undefined): string | undefined {
  for (const line of text?.split('\n') ?? []) {
    const [, file, row] = /(?:^|[\s(])(file:\/\/[^\s()]+?|\/[^\s():]+):(\d+)(?::\d+)?\)?$/.exec(line) ?? [];
    if (file !== undefined && !/node_modules|\/conformance\/command/.test(file)) return `${shown(file)}:${row}`;
  }
  return undefined;
}

/** Node does not give the place of a syntax error to code that catches it. It prints the place if it is started with that module. */
function syntaxErrorPlace(file: string | undefined, error: Error): string | undefined {
  if (!(error instanceof SyntaxError) || file === undefined) return undefined;
  const { stderr } = spawnSync(process.execPath, [...process.execArgv, file], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LOCATE_MS,
  });
  return placeIn(stderr);
}

function shown(file: string): string {
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
