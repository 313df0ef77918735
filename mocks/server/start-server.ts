import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Backend } from '../backend.ts';
import type { SavedState } from '../database.ts';
import { requestHandler } from '../request-handler.ts';
import type { SimulatedBackend, SimulateOptions } from '../types.ts';
import { Journal, readSaved } from './journal.ts';
import { sendFile } from './static-files.ts';

/** How a simulated backend is served. */
export interface ServerOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /**
   * A folder for the data, so that a killed server can continue. Network faults are not kept. Default: no data is kept.
   */
  readonly data?: string;
  /** A data folder to restore, or the journal of one, in a new epoch. */
  readonly restore?: string;
  /** A folder whose files are served at `/`, unless the path belongs to the backend. */
  readonly static?: string;
  /** Options of the backend, such as seed and delays. */
  readonly backend?: SimulateOptions;
}

/** A running server. */
export interface RunningServer {
  /** The `src` for a provider. */
  readonly url: string;
  readonly backend: SimulatedBackend;
  /** Ends feeds, requests and timers, and releases port and folder. May be called again. */
  close(): Promise<void>;
}

/** The origin of every request as the backend sees it, whatever host the caller used. */
const INTERNAL_URL = 'http://simulated.local';
const LARGEST_BODY = 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/**
 * Serves a simulated backend on a port, with the same answers as in a browser.
 *
 * @throws JournalError when the data folder or the state to restore can't be used; the socket's error when the port can't
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const restored = options.restore === undefined ? undefined : readSaved(options.restore);
  const journal = options.data === undefined ? undefined : new Journal(options.data);
  let backend: SimulatedBackend;
  try {
    backend = openBackend(options.backend, journal, restored);
  } catch (error) {
    journal?.close();
    throw error;
  }

  const respond = requestHandler(backend, { baseUrl: INTERNAL_URL });
  const server = createServer((request, response) => {
    serve(request, response, respond, options.static).catch((error: unknown) => {
      // The client has disconnected.
      if (response.destroyed) return;
      console.error(error);
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, 'The simulated backend failed.');
    });
  });
  const end = async (): Promise<void> => {
    backend.dispose();
    if (server.listening) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
    journal?.close();
  };
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => (ended ??= end());
  try {
    await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  } catch (error) {
    await close();
    throw error;
  }
  return { url: urlOf(server), backend, close };
}

/** A backend whose transactions are journaled before they are visible, if there is a journal. */
function openBackend(
  options: ServerOptions['backend'],
  journal: Journal | undefined,
  restored: SavedState | undefined,
): SimulatedBackend {
  const backend = new Backend(options, {
    saved: journal?.saved,
    // A server that starts without data must have other epochs than the one before, although its seed is the same.
    epochSalt: randomUUID(),
    append: (writes) => journal?.append(writes),
  });
  try {
    if (restored) backend.restore(restored);
  } catch (error) {
    backend.dispose();
    throw error;
  }
  backend.subscribe(() => {
    if (journal?.needsCompaction) journal.compact(backend.save());
  });
  return backend;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  // `once` rejects on an error event.
  const listening = once(server, 'listening');
  server.listen(port, host);
  await listening;
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  respond: ReturnType<typeof requestHandler>,
  folder: string | undefined,
): Promise<void> {
  allowAnyOrigin(incoming, outgoing);
  const method = incoming.method ?? 'GET';
  if (method === 'OPTIONS') {
    outgoing.writeHead(204).end();
    return;
  }
  if (!METHODS.includes(method)) {
    outgoing.setHeader('allow', METHODS.join(', '));
    sendProblem(outgoing, 405, `${method} is not served here.`);
    return;
  }
  // A proxy sends the absolute URL.
  const target = (incoming.url ?? '/').replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const path = target.replace(/[?#].*$/s, '');
  const body = await bodyOf(incoming);
  if (body === undefined) {
    sendProblem(outgoing, 413, `A body may have ${LARGEST_BODY} bytes.`);
    return;
  }
  const request = new Request(INTERNAL_URL + target, {
    method,
    headers: headersOf(incoming),
    ...(body.length && method !== 'GET' && method !== 'HEAD' ? { body: new Uint8Array(body) } : {}),
  });
  const response = await respond(request);
  if (response) {
    await send(response, outgoing);
    return;
  }
  const readable = method === 'GET' || method === 'HEAD';
  if (readable && folder !== undefined && (await sendFile(folder, path, method === 'HEAD', outgoing))) return;
  sendProblem(outgoing, 404, `There is nothing at ${path}.`);
}

/** Allows pages of any origin to use the simulation, its controls included. */
function allowAnyOrigin(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.setHeader('access-control-allow-origin', '*');
  outgoing.setHeader('access-control-expose-headers', 'Retry-After');
  if (incoming.method !== 'OPTIONS') return;
  outgoing.setHeader('access-control-allow-methods', METHODS.join(', '));
  outgoing.setHeader(
    'access-control-allow-headers',
    incoming.headers['access-control-request-headers'] ?? 'Idempotency-Key, Last-Event-ID, Content-Type',
  );
  outgoing.setHeader('access-control-max-age', '600');
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headersDistinct))
    for (const one of value ?? []) headers.append(name, one);
  return headers;
}

/** The whole body, or `undefined` if it is too large. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  // The connection stays open when the body is too large, so that the answer can be sent.
  for await (const piece of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > LARGEST_BODY) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Sends a response with backpressure, and cancels its stream when the reader leaves. */
async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  if (response.type === 'error') {
    outgoing.destroy();
    return;
  }
  if (outgoing.destroyed) {
    // The reader left before the answer was ready, so no close event will follow.
    await response.body?.cancel();
    return;
  }
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  if (!reader) {
    outgoing.end();
    return;
  }
  // At once, because a feed is open before its first message.
  outgoing.flushHeaders();
  outgoing.once('close', () => void reader.cancel().catch(() => undefined));
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const writable = outgoing.write(value);
      if (outgoing.destroyed) return;
      if (!writable) await waitForDrain(outgoing);
    }
    outgoing.end();
  } catch {
    // The stream failed. The connection is destroyed, so that the reader does not see a clean end.
    outgoing.destroy();
  }
}

function waitForDrain(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      outgoing.off('drain', settle).off('close', settle);
      resolve();
    };
    outgoing.once('drain', settle).once('close', settle);
  });
}

function sendProblem(outgoing: ServerResponse, status: number, detail: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  outgoing.end(JSON.stringify({ type: 'about:blank', title: 'Problem', status, detail }));
}
