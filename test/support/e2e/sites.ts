/**
 * The two sites that the same tests use: the built Storybook over the mock worker, and a host page over a real port.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { build } from 'vite';
import { startServer, type RunningServer } from '../../../mocks/server/start-server.ts';
import { sendFile } from '../../../mocks/server/static-files.ts';
import type { ControlCommand } from '../../../mocks/index.ts';
import { until } from '../until.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Something that happens on the platform without a click in the page. */
export interface SimulationStep {
  readonly command: ControlCommand;
  /** The label of the control in the story's panel that does the same. */
  readonly label?: string;
}

/** Where a page is served, and how it is built. */
export interface Site {
  readonly name: string;
  readonly url: string;
  /** The path from the document to the kit's elements, through shadow roots. */
  readonly path: readonly string[];
  /** The path of what to click to show the campaigns of a system. */
  system(label: string): readonly string[];
  /** The label of the page's control for a step; `undefined` if it has none: use the command. */
  control(step: SimulationStep): string | undefined;
  /** The path of the page with the list, below `url`; default is `url` itself. */
  readonly start?: string;
  /** A link to a system or to a campaign loads a page, instead of changing this one. */
  readonly loadsPages?: boolean;
  /** How long silence may last before the feed counts as lost, in ms. */
  readonly heartbeatMs: number;
  close(): Promise<void>;
}

/** The story "Lifecycle" of the static build, below a path that needs escaping. */
export async function storybookSite(): Promise<Site & { readonly home: string }> {
  const folder = join(root, 'storybook-static');
  if (!existsSync(join(folder, 'index.json'))) throw new Error('Run `npm run build-storybook` first.');
  const below = '/design/campaign kit (1)/';
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*$/s, '');
    if (path === '/favicon.ico') return void response.writeHead(204).end(); // Browsers request it from every site.
    const inside = decodeURIComponent(path).startsWith(below) ? path.slice(encodeURI(below).length - 1) : '';
    void sendFile(folder, inside || '/none', request.method === 'HEAD', response).then((sent) => {
      if (!sent) response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}${encodeURI(below)}`;
  return {
    name: 'the static Storybook, over the mock worker',
    home,
    url: `${home}iframe.html?id=lifecycle--flows-and-python&viewMode=story`,
    path: ['story-campaign-page'],
    system: (label) => ['story-campaign-page', `.systems button=${label}`],
    control: ({ label }) => label,
    heartbeatMs: 5_000,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The plain host page, built as its comment says, over a simulated backend behind a port. */
export async function hostSite(): Promise<Site> {
  if (!existsSync(join(root, 'dist/define.js'))) throw new Error('Run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'host-page-'));
  await build({ root: join(root, 'examples/plain'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const site = await servedSite('a host page, over a real port', folder);
  return {
    ...site,
    close: async () => {
      await site.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A built host page, served by the simulated backend itself. */
export async function servedSite(name: string, folder: string): Promise<Site> {
  return siteOver(await startBackend(folder), name);
}

/**
 * Pages that a server of their own writes, over the simulated backend behind another port.
 *
 * @param app the folder of the server
 * @param command what Node runs there. It prints the address at which it listens, and reads that of the backend from CAMPAIGNS_SRC.
 */
export async function renderedSite(name: string, app: string, command: readonly string[]): Promise<Site> {
  const backend = await startBackend();
  const server = spawn(process.execPath, command, {
    cwd: app,
    env: { ...process.env, CAMPAIGNS_SRC: backend.url, HOST: '127.0.0.1', PORT: '0' },
  });
  const close = async (): Promise<void> => {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
    await backend.close();
  };
  let printed = '';
  for (const output of [server.stdout, server.stderr]) output.on('data', (text) => (printed += String(text)));
  try {
    const address = await until(
      () => {
        if (server.exitCode !== null) throw new Error(`The server has ended: ${printed}`);
        return /http:\/\/[\w.]+:\d+/.exec(stripVTControlCharacters(printed))?.[0];
      },
      () => `the address of the server: ${printed}`,
    );
    return { ...siteOver(backend, name), url: `${address.replace('localhost', '127.0.0.1')}/`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const heartbeatMs = 1_000;

/** A backend with a campaign of its own, for tests that change it. */
async function startBackend(folder?: string): Promise<RunningServer> {
  const server = await startServer({
    ...(folder === undefined ? {} : { static: folder }),
    backend: { heartbeatMs, processingMs: 800 },
  });
  server.backend.campaigns.add({
    system: 'python',
    name: 'Anniversary letters',
    dependencies: [
      { kind: 'channel', id: 'email' },
      { kind: 'agent', id: 'copywriter' },
      { kind: 'agent', id: 'send-time' },
    ],
  });
  return server;
}

function siteOver(server: RunningServer, name: string): Site {
  return {
    name,
    url: `${server.url}/`,
    path: [],
    system: (label) => [`nav a=${label}`],
    control: () => undefined,
    heartbeatMs,
    close: () => server.close(),
  };
}
