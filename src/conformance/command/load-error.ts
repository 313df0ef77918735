import { spawnSync } from 'node:child_process';
import { extname, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UsageError } from './options.ts';

const TYPESCRIPT = ['.ts', '.mts', '.cts', '.tsx'];
/** How long Node may take to tell where a syntax error is. */
const LOCATE_MS = 30_000;

/** What kept a module from being loaded, in words for its author: what, and in which line of theirs. */
export function loadError(name: string, file: string | undefined, error: unknown): UsageError {
  if ((error as { code?: string }).code === 'ERR_UNKNOWN_FILE_EXTENSION') return unreadable(name, error as Error);
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = error instanceof Error ? (placeIn(error.stack) ?? syntaxErrorPlace(file, error)) : undefined;
  return new UsageError(
    `${name} could not be loaded: ${told}${place === undefined || told.includes(place) ? '' : `\n  at ${place}`}`,
  );
}

function unreadable(name: string, error: Error): UsageError {
  const [, extension = extname(name), file = name] = /extension "(.*?)" for (.*)/.exec(error.message) ?? [];
  const which = `${shown(file)}: Node ${process.versions.node} does not read this kind of file`;
  return new UsageError(
    TYPESCRIPT.includes(extension)
      ? `${which}. Bring tsx: npm i -D tsx, then NODE_OPTIONS='--import tsx' npx campaign-status-kit verify ${name}`
      : `${which}; give a url, or a JavaScript or TypeScript module.`,
  );
}

/** The innermost line of a stack that is the author's own, as `file:line`. */
function placeIn(text: string | undefined): string | undefined {
  for (const line of text?.split('\n') ?? []) {
    const [, file, row] = /(?:^|[\s(])(file:\/\/[^\s()]+?|\/[^\s():]+):(\d+)(?::\d+)?\)?$/.exec(line) ?? [];
    if (file !== undefined && !/node_modules|\/conformance\/command/.test(file)) return `${shown(file)}:${row}`;
  }
  return undefined;
}

/** Node keeps where a syntax error is from whoever catches it; it prints it if the module is the one it was started with. */
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
