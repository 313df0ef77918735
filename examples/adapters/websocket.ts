// An adapter for a WebSocket protocol of one's own. The other side of it is websocket-server.ts.
import {
  type ActResult,
  AdapterError,
  type AdapterErrorCode,
  type CampaignAdapter,
  type Change,
} from '../../src/index.ts';

/** What the server says. Its rows are the kit's records; if yours are not, `changeOf` is the place to map them. */
export type Said =
  | { kind: 'hello'; life: string; goesOn: boolean; everyMs: number }
  | { kind: 'rows' | 'changed'; rows: unknown[]; at?: string }
  | { kind: 'gone'; rows: { id: string; revision: number }[]; at: string }
  | { kind: 'ready' | 'alive'; at: string }
  | { kind: 'answer'; to: string; answer: ActResult<unknown> };

/** Why it closed. A browser is not told why an upgrade was refused, so this server accepts first and closes then. */
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
        unsubscribe: call(
          url,
          signal,
          { kind: 'watch', system, ids, since },
          (said) => observer.next(changeOf(said)),
          (error) => (error ? observer.error(error) : observer.complete()),
        ),
      }),
    }),
    act: ({ ref, action, expect, idempotencyKey: key, signal }) =>
      new Promise((resolve, reject) => {
        const hear = (said: Said): void => {
          if (said.kind !== 'answer' || said.to !== key) return;
          resolve(said.answer);
          hangUp();
        };
        const what = { kind: 'act', ref, action, expect, key };
        const hangUp = call(url, signal, what, hear, (error) => reject(error ?? (signal.reason as Error)));
      }),
  };
}

/** One socket: says `what`, then hears, until it closes, `signal` aborts or the function that this returns is called. */
function call(
  url: string,
  signal: AbortSignal,
  what: object,
  hear: (said: Said) => void,
  over: (error?: AdapterError) => void,
): () => void {
  const socket = new WebSocket(url);
  const end = (error?: AdapterError): void => {
    signal.removeEventListener('abort', hangUp);
    socket.onmessage = socket.onclose = null;
    socket.close();
    over(error);
  };
  const hangUp = (): void => end();
  signal.addEventListener('abort', hangUp, { once: true });
  socket.onopen = () => socket.send(JSON.stringify(what));
  socket.onmessage = ({ data }) => {
    try {
      hear(JSON.parse(String(data)) as Said);
    } catch (cause) {
      end(new AdapterError('protocol', `${url} said ${String(data).slice(0, 80)}`, { cause }));
    }
  };
  socket.onclose = ({ code, reason }) => {
    const wait = code === 4429 ? { retryAfterMs: Number(reason) } : {};
    end(new AdapterError(closings.get(code) ?? 'unavailable', `${url} closed: ${code} ${reason}`, wait));
  };
  socket.onerror = () => {}; // A close follows.
  if (signal.aborted) hangUp();
  return hangUp;
}

function changeOf(said: Said): Change<unknown> {
  switch (said.kind) {
    case 'hello':
      return { type: 'open', mode: said.goesOn ? 'resume' : 'snapshot', epoch: said.life, heartbeatMs: said.everyMs };
    case 'rows':
      return { type: 'page', items: said.rows };
    case 'ready':
      return { type: 'synced', cursor: said.at };
    case 'changed':
      return { type: 'upsert', items: said.rows, cursor: said.at! };
    case 'gone':
      return { type: 'remove', items: said.rows, cursor: said.at };
    case 'alive':
      return { type: 'heartbeat', cursor: said.at };
    case 'answer':
      throw new Error('an answer that nobody asked for');
  }
}
