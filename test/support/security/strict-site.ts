import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { sendFile } from '../../../mocks/server/static-files.ts';
import { VERSION } from '../../../src/elements/shared/base/version.ts';
import type { Site } from '../e2e/sites.ts';
import { buildPage } from '../build-page.ts';
import { documentedHeaders, documentedPolicy, printPolicy, type Policy } from './policy.ts';

/** A request that was received. */
export interface Received {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** A host page behind the headers of docs/security.md, with two backends below its own origin. */
export interface StrictSite extends Site {
  readonly origin: string;
  /** Each at `/one` and `/two`. */
  readonly backends: { readonly one: RunningServer; readonly two: RunningServer };
  /** Every request, including those to the backends. */
  readonly requests: Received[];
  /**
   * The violations that browsers reported for pages of the current `visit`; late reports about an earlier page are left
   * out.
   */
  readonly reports: string[];
  visit: number;
  /** The policy of the next pages. */
  policy: Policy;
  /** Markup that an attacker injected at the end of the next pages' bodies. */
  injected: string;
}

/** Where browsers send violation reports. No report is lost when its page closes. */
const REPORTS = '/policy-reports';

/** Below each of these paths are the same files again, as a second bundle. Those of `other` name another version. */
export const COPIES = { same: '/copy', other: '/other' } as const;

/** The address of support/kit.ts, for `import()` in a page. */
export const KIT = '/assets/kit.js';

/** Serves examples/plain. */
export async function strictSite(): Promise<StrictSite> {
  const folder = mkdtempSync(join(tmpdir(), 'strict-page-'));
  await buildPage('examples/plain', folder, { kit: 'test/support/security/kit.ts' });
  const heartbeatMs = 1_000;
  const options = { backend: { heartbeatMs, processingMs: 400 } };
  const backends = { one: await startServer(options), two: await startServer(options) };
  const requests: Received[] = [];
  const reports: string[] = [];

  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    requests.push({ method, url, headers });
    const [, first = ''] = url.split(/[/?#]/);
    if (url.startsWith(REPORTS))
      return void textOf(incoming).then((text) => {
        if (url === `${REPORTS}/${site.visit}`) reports.push(text);
        outgoing.writeHead(204).end();
      });
    if (first === 'one' || first === 'two')
      return pass(incoming, outgoing, `${backends[first].url}${url.slice(first.length + 1)}`);
    for (const [name, value] of documentedHeaders) outgoing.setHeader(name, value);
    outgoing.setHeader('content-security-policy', `${printPolicy(site.policy)}; report-uri ${REPORTS}/${site.visit}`);
    const copy = Object.values(COPIES).find((at) => url.startsWith(`${at}/`)) ?? '';
    const path = url.replace(/[?#].*$/s, '').slice(copy.length);
    if (copy === COPIES.other) {
      const module = readFileSync(join(folder, path), 'utf8').replaceAll(VERSION, '99.0.0');
      return void outgoing.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(module);
    }
    if (path === '/') {
      // The header carries the policy, so remove the page's own.
      const page = readFileSync(join(folder, 'index.html'), 'utf8')
        .replace(/<meta\s+http-equiv[^>]*>/, '')
        .replace('</body>', `${site.injected}</body>`);
      return void outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    }
    void sendFile(folder, path, method === 'HEAD', outgoing).then((sent) => sent || outgoing.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site: StrictSite = {
    name: 'a host page under the strictest policy',
    origin,
    url: `${origin}/?src=/one`,
    path: [],
    system: (label) => [`nav a=${label}`],
    control: () => undefined,
    heartbeatMs,
    backends,
    requests,
    reports,
    visit: 1,
    policy: documentedPolicy,
    injected: '',
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await Promise.all([backends.one.close(), backends.two.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return site;
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of incoming.setEncoding('utf8')) text += piece as string;
  return text;
}

/** Passes a request on and the answer back, like a host that serves its backend below its own origin. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, to: string): void {
  const { method, headers } = incoming;
  const onward = request(to, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
