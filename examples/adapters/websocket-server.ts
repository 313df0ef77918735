// The other side of websocket.ts: a campaign platform behind a plain WebSocket protocol, with the simulated backend doing the work.
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
import type { Said } from './websocket.ts';

/** What a client says, once, when the socket is open. */
type Asked =
  | ({ kind: 'watch' } & Omit<WatchRequest, 'signal'>)
  | { kind: 'act'; ref: ActRequest['ref']; action: string; expect: ActRequest['expect']; key: string };

const closings: Readonly<Partial<Record<AdapterErrorCode, number>>> = {
  misconfigured: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  expired: 4410,
  throttled: 4429,
};

/** A server that runs. */
export interface CampaignSocketServer {
  /** What `webSocketAdapter` gets. */
  readonly url: string;
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<WebSocket>;
  /** Breaks every socket off and lets go of the port. */
  close(): Promise<void>;
}

/** @param port default: any free one */
export async function serveCampaigns(backend: SimulatedBackend, port = 0): Promise<CampaignSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  server.on('connection', (socket) => {
    const gone = new AbortController();
    socket.on('close', () => gone.abort());
    socket.on('error', () => {}); // A close follows.
    socket.once('message', (data: Buffer) => void answer(backend, socket, data.toString(), gone.signal));
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
  const say = (said: Said): void => socket.send(JSON.stringify(said));
  try {
    const asked = JSON.parse(text) as Asked;
    if (asked.kind === 'act') {
      const { ref, action, expect, key } = asked;
      say({ kind: 'answer', to: key, answer: await backend.act({ ref, action, expect, idempotencyKey: key }) });
    } else for await (const change of backend.watch({ ...asked, signal })) say(saidOf(change));
    socket.close(1000);
  } catch (error) {
    if (!(error instanceof AdapterError)) return socket.terminate();
    const code = closings[error.code];
    if (code === undefined) return socket.terminate();
    // A reason has room for 123 bytes.
    socket.close(code, error.code === 'throttled' ? String(error.retryAfterMs ?? 0) : error.message.slice(0, 40));
  }
}

function saidOf(change: Change): Said {
  switch (change.type) {
    case 'open':
      return {
        kind: 'hello',
        life: change.epoch ?? '',
        goesOn: change.mode === 'resume',
        everyMs: change.heartbeatMs ?? 0,
      };
    case 'page':
      return { kind: 'rows', rows: [...change.items] };
    case 'synced':
      return { kind: 'ready', at: change.cursor ?? '' };
    case 'upsert':
      return { kind: 'changed', rows: [...change.items], at: change.cursor ?? '' };
    case 'remove':
      return {
        kind: 'gone',
        rows: change.items.map(({ id, revision }) => ({ id, revision: revision ?? 0 })),
        at: change.cursor ?? '',
      };
    case 'heartbeat':
      return { kind: 'alive', at: change.cursor ?? '' };
  }
}
