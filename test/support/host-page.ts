import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { sendFile } from '../../mocks/server/static-files.ts';
import { buildPage } from './build-page.ts';

/**
 * Builds a host page from the kit's sources and serves it from a separate server, which keeps running when the backend
 * is killed.
 *
 * @param folder the page's folder, from the root of the repository
 * @returns its address
 */
export async function serveHostPage(t: TestContext, folder: string): Promise<string> {
  const built = mkdtempSync(join(tmpdir(), 'host-page-'));
  t.after(() => rmSync(built, { recursive: true, force: true }));
  await buildPage(folder, built);
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    void sendFile(built, path, request.method === 'HEAD', response).then((sent) => {
      if (!sent) response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
