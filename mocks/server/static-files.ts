import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json'],
  ['.map', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** Sends the file of a path within a folder. Returns false, without an answer, if there is none. */
export async function sendFile(
  folder: string,
  path: string,
  head: boolean,
  response: ServerResponse,
): Promise<boolean> {
  const root = resolve(folder);
  let wanted: string;
  try {
    wanted = join(root, decodeURIComponent(path));
  } catch {
    return false;
  }
  if ((wanted !== root && !wanted.startsWith(root + sep)) || wanted.includes('\0')) return false;
  const found = await fileAt(wanted);
  if (!found) return false;
  response.writeHead(200, {
    'content-type': TYPES.get(extname(found.path)) ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
  });
  if (head) response.end();
  // The reader may disconnect: that is no error.
  else await pipeline(createReadStream(found.path), response).catch(() => response.destroy());
  return true;
}

async function fileAt(path: string): Promise<{ path: string; size: number } | undefined> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory()) return fileAt(join(path, 'index.html'));
  return facts?.isFile() ? { path, size: facts.size } : undefined;
}
