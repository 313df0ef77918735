import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendFile } from '../../../mocks/server/static-files.ts';
import { VERSION } from '../../../src/elements/shared/base/version.ts';
import { buildPage } from '../build-page.ts';
import { documentedPolicy, printPolicy } from '../security/policy.ts';
import { hostileStyles } from './hostile-styles.ts';

/** One page under several addresses: as its author wrote it, and with what hosts do to pages. Each takes the parameters of its main.ts. */
export interface HostileSite {
  readonly clean: string;
  /** With the sheets of Tailwind and Bootstrap, a base, and a second version of the kit. */
  readonly hostile: string;
  /** With a sheet that resets everything, as well. */
  readonly reset: string;
  /** What browsers reported as violations of the policy. */
  readonly reports: readonly string[];
  close(): Promise<void>;
}

const REPORTS = '/policy-reports';
/** The files again, as those of another version. */
const OTHER = '/other';

/** The policy of docs/security.md for a page that also has two versions of the kit, a frame, and a base. */
const policy = printPolicy(
  new Map([
    ...documentedPolicy,
    ['trusted-types', ['lit-html', "'allow-duplicates'"]],
    ...['frame-src', 'frame-ancestors', 'base-uri'].map((name) => [name, ["'self'"]] as const),
  ]),
);

/** Builds the page of test/system/hostile-page and serves it. */
export async function hostileSite(): Promise<HostileSite> {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-page-'));
  await buildPage('test/system/hostile-page/page', folder, {
    kit: 'test/support/hostile-page/kit.ts',
    define: 'src/define.ts',
  });
  const page = readFileSync(join(folder, 'index.html'), 'utf8').replaceAll('"./', '"/');
  const pageWith = (...sheets: (keyof typeof hostileStyles)[]): string =>
    page
      .replace('<head>', '<head><base href="/elsewhere/">')
      .replace('</head>', `${sheets.map((name) => `<link rel="stylesheet" href="/${name}.css">`).join('')}</head>`);
  const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/clean': ['text/html', page],
    '/hostile': ['text/html', pageWith('tailwind', 'bootstrap')],
    '/reset': ['text/html', pageWith('tailwind', 'bootstrap', 'reset')],
    ...Object.fromEntries(Object.entries(hostileStyles).map(([name, text]) => [`/${name}.css`, ['text/css', text]])),
  };
  const reports: string[] = [];

  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    const send = (type: string, text: string): void =>
      void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    response.setHeader('content-security-policy', `${policy}; report-uri ${REPORTS}`);
    response.setHeader('access-control-allow-origin', '*'); // A sandboxed frame is of no origin.
    const file = files[path];
    if (file) send(...file);
    else if (path === REPORTS) {
      let report = '';
      request.setEncoding('utf8').on('data', (part: string) => (report += part));
      request.on('end', () => {
        reports.push(report);
        response.writeHead(204).end();
      });
    } else if (path.startsWith(`${OTHER}/`)) {
      const module = readFileSync(join(folder, path.slice(OTHER.length)), 'utf8');
      send('text/javascript', module.replaceAll(VERSION, '99.0.0'));
    } else void sendFile(folder, path, false, response).then((sent) => sent || response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    clean: `${origin}/clean?`,
    hostile: `${origin}/hostile?hostile`,
    reset: `${origin}/reset?hostile`,
    reports,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
