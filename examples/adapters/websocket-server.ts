// The server for websocket.ts: the simulated backend behind a plain WebSocket protocol.
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SimulatedBackend } from '../../mocks/index.ts';
import {
  AdapterError,
  type ActRequest,
  type AdapterErrorCode,
  type Change,
  type WatchRequest,
} from '../../src/index.ts';
import type { ServerMessage } from './websocket.ts';

/** The one message of a client, sent when the socket is open. */
type ClientRequest =
  | ({ kind: 'watch' } & Omit<WatchRequest, 'signal'>)
  | { kind: 'act'; ref: ActRequest['ref']; action: string; expect: ActRequest['expect']; key: string; input?: string };

const closings: Readonly<Partial<Record<AdapterErrorCode, number>>> = {
  misconfigured: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  expired: 4410,
  throttled: 4429,
};

/** A running server. */
export interface CampaignSocketServer {
  /** The address for `webSocketAdapter`. */
  readonly url: string;
  /** The open sockets. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** Closes every socket and frees the port. */
  close(): Promise<void>;
}

/** @param port default: any free one */
export async function serveCampaigns(backend: SimulatedBackend, port = 0): Promise<CampaignSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.on('connection', (socket) => {
    const closed = new AbortController();
    socket.on('close', () => closed.abort());
    socket.on('error', () => {}); // A close follows.
    socket.once('message', (data: Buffer) => void answer(backend, socket, data.toString(), closed.signal));
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sockets: server.clients,
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
}

async function answer(backend: SimulatedBackend, socket: WebSocket, text: string, signal: AbortSignal): Promise<void> {
  const send = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  try {
    const request = JSON.parse(text) as ClientRequest;
    if (request.kind === 'act') {
      const { ref, action, expect, key: idempotencyKey, input } = request;
      const optionalInput = input === undefined ? {} : { input };
      send({
        kind: 'answer',
        to: idempotencyKey,
        answer: await backend.act({ ref, action, expect, idempotencyKey, ...optionalInput }),
      });
    } else for await (const change of backend.watch({ ...request, signal })) send(toMessage(change));
    socket.close(1000);
  } catch (error) {
    if (!(error instanceof AdapterError)) return socket.terminate();
    const code = closings[error.code];
    if (code === undefined) return socket.terminate();
    // A reason has room for 123 bytes.
    socket.close(code, error.code === 'throttled' ? String(error.retryAfterMs ?? 0) : error.message.slice(0, 40));
  }
}

function toMessage(change: Change): ServerMessage {
  switch (change.type) {
    case 'open':
      return {
        kind: 'opened',
        epoch: change.epoch ?? '',
        resumed: change.mode === 'resume',
        heartbeatMs: change.heartbeatMs ?? 0,
      };
    case 'page':
      return { kind: 'rows', rows: [...change.items] };
    case 'synced':
      return { kind: 'ready', cursor: change.cursor ?? '' };
    case 'upsert':
      return { kind: 'changed', rows: [...change.items], cursor: change.cursor ?? '' };
    case 'remove':
      return {
        kind: 'gone',
        rows: change.items.map(({ id, revision }) => ({ id, revision: revision ?? 0 })),
        cursor: change.cursor ?? '',
      };
    case 'heartbeat':
      return { kind: 'alive', cursor: change.cursor ?? '' };
  }
}
