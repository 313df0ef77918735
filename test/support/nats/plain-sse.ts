/**
 * The smallest server for a feed of the HTTP contract: one process that writes each change to every client. For
 * measuring.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CampaignRecord, Change } from '../../../src/adapters/index.ts';

/** The first message to the process: what it serves. */
export interface Setup {
  readonly heartbeatMs: number;
  readonly rows: readonly CampaignRecord[];
}
/** Every later message: the number of campaigns to change, each once. */
export type Order = number;

const [{ heartbeatMs, rows }] = (await once(process, 'message')) as [Setup];
const pages = new Set<ServerResponse>();
let position = 0;

function event(change: Change): string {
  return `id: epoch:${position}\ndata: ${JSON.stringify(change)}\n\n`;
}

function broadcast(change: Change): void {
  const text = event(change);
  for (const page of pages) page.write(text);
}

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(event({ type: 'open', mode: 'snapshot', epoch: 'epoch', heartbeatMs }));
  for (let from = 0; from < rows.length; from += 200)
    response.write(event({ type: 'page', items: rows.slice(from, from + 200) }));
  response.write(event({ type: 'synced', cursor: String(position) }));
  pages.add(response);
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
setInterval(() => broadcast({ type: 'heartbeat' }), heartbeatMs);

process.on('message', (times: Order) => {
  for (let n = 0; n < times; n++) {
    position++;
    broadcast({ type: 'upsert', items: [{ ...rows[n]!, revision: position }], cursor: String(position) });
  }
});
process.on('disconnect', () => process.exit());
