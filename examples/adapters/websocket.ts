// An adapter for your own WebSocket protocol. The matching server is websocket-server.ts.
import {
  type ActResult,
  AdapterError,
  type AdapterErrorCode,
  type CampaignAdapter,
  type Change,
} from '../../src/index.ts';

/** What the server sends. Its rows are the kit's records; if yours are not, map them in `toChange`. */
export type ServerMessage =
  | { kind: 'opened'; epoch: string; resumed: boolean; heartbeatMs: number }
  | { kind: 'rows' | 'changed'; rows: unknown[]; cursor?: string }
  | { kind: 'gone'; rows: { id: string; revision: number }[]; cursor: string }
  | { kind: 'ready' | 'alive'; cursor: string }
  | { kind: 'answer'; to: string; answer: ActResult<unknown> };

/** Why it closed. A browser does not learn why an upgrade was refused, so this server accepts it and closes then. */
const closings = new Map<number, AdapterErrorCode>([
  [4400, 'misconfigured'],
  [4401, 'unauthenticated'],
  [4403, 'forbidden'],
  [4410, 'expired'],
  [4429, 'throttled'],
]);

/** @param url such as `wss://campaigns.example/live` */
export function webSocketAdapter(url: string): CampaignAdapter<unknown> {
  return {
    idempotent: true, // The server keeps the keys of actions.
    watch: ({ system, ids, since, signal }) => ({
      subscribe: (observer) => ({
        unsubscribe: openSocket(
          url,
          signal,
          { kind: 'watch', system, ids, since },
          (message) => observer.next(toChange(message)),
          (error) => (error ? observer.error(error) : observer.complete()),
        ),
      }),
    }),
    act: ({ ref, action, expect, idempotencyKey: key, input, signal }) =>
      new Promise((resolve, reject) => {
        const onMessage = (message: ServerMessage): void => {
          if (message.kind !== 'answer' || message.to !== key) return;
          resolve(message.answer);
          close();
        };
        const request = { kind: 'act', ref, action, expect, key, input };
        const close = openSocket(url, signal, request, onMessage, (error) => reject(error ?? (signal.reason as Error)));
      }),
  };
}

/**
 * Opens a socket, sends `request`, and passes each message to `onMessage`. Ends when the socket closes, `signal` aborts, or the
 * returned function is called.
 */
function openSocket(
  url: string,
  signal: AbortSignal,
  request: object,
  onMessage: (message: ServerMessage) => void,
  onEnd: (error?: AdapterError) => void,
): () => void {
  const socket = new WebSocket(url);
  const end = (error?: AdapterError): void => {
    signal.removeEventListener('abort', close);
    socket.onmessage = socket.onclose = null;
    socket.close();
    onEnd(error);
  };
  const close = (): void => end();
  signal.addEventListener('abort', close, { once: true });
  socket.onopen = () => socket.send(JSON.stringify(request));
  socket.onmessage = ({ data }) => {
    try {
      onMessage(JSON.parse(String(data)) as ServerMessage);
    } catch (cause) {
      end(new AdapterError('protocol', `${url} sent ${String(data).slice(0, 80)}`, { cause }));
    }
  };
  socket.onclose = ({ code, reason }) => {
    const wait = code === 4429 ? { retryAfterMs: Number(reason) } : {};
    end(new AdapterError(closings.get(code) ?? 'unavailable', `${url} closed: ${code} ${reason}`, wait));
  };
  socket.onerror = () => {}; // A close follows.
  if (signal.aborted) close();
  return close;
}

function toChange(message: ServerMessage): Change<unknown> {
  switch (message.kind) {
    case 'opened':
      return {
        type: 'open',
        mode: message.resumed ? 'resume' : 'snapshot',
        epoch: message.epoch,
        heartbeatMs: message.heartbeatMs,
      };
    case 'rows':
      return { type: 'page', items: message.rows };
    case 'ready':
      return { type: 'synced', cursor: message.cursor };
    case 'changed':
      return { type: 'upsert', items: message.rows, cursor: message.cursor! };
    case 'gone':
      return { type: 'remove', items: message.rows, cursor: message.cursor };
    case 'alive':
      return { type: 'heartbeat', cursor: message.cursor };
    case 'answer':
      throw new Error('an answer without a request');
  }
}
