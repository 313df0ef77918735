/**
 * What an observing page costs, in bytes on the wire and in the server's memory and time: the numbers of
 * docs/growing-past-one-server.md. Run by hand, on Linux: node --import tsx test/system/nats/measure.ts [pages]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import type { CampaignRecord } from '../../../src/adapters/index.ts';
import { natsAdapter } from '../../../src/adapters/nats.ts';
import { FeedReader } from '../../support/nats/feed.ts';
import { NatsServer } from '../../support/nats/nats-server.ts';
import type { Order, Setup } from '../../support/nats/plain-sse.ts';
import { Platform } from '../../support/nats/platform.ts';
import { until } from '../../support/until.ts';

const sseServer = fileURLToPath(new URL('../../support/nats/plain-sse.ts', import.meta.url));
const PAGES = Number(process.argv[2] ?? 300);
const CAMPAIGNS = 1000;
const CHANGES = 500;
const HEARTBEAT_MS = 1000;
const HEARTBEATS = 10;

/** One way to watch, as it is measured. */
interface Measured {
  readonly pid: number;
  /** Bytes that all pages have received so far. */
  received(): number;
  /** Opens a page, and waits until it has everything. */
  open(): Promise<void>;
  /** Makes changes, and waits until every page has them. */
  change(times: number): Promise<void>;
}

async function measure(name: string, at: Measured): Promise<void> {
  const memory = residentBytes(at.pid);
  for (let page = 0; page < PAGES; page++) await at.open();
  const snapshot = at.received() / PAGES;
  const perPage = (residentBytes(at.pid) - memory) / PAGES;
  const quiet = at.received();
  await new Promise((resolve) => setTimeout(resolve, HEARTBEATS * HEARTBEAT_MS));
  const heartbeat = (at.received() - quiet) / PAGES / HEARTBEATS;
  const before = { received: at.received(), seconds: cpuSeconds(at.pid) };
  await at.change(CHANGES);
  const change = (at.received() - before.received) / PAGES / CHANGES;
  const cpu = ((cpuSeconds(at.pid) - before.seconds) * 1e6) / PAGES / CHANGES;
  console.log(
    `${name}: ${Math.round(snapshot / CAMPAIGNS)} B per campaign of a snapshot, ${Math.round(change)} B per change, ` +
      `${Math.round(heartbeat)} B per heartbeat; the server: ${Math.round(perPage / 1024)} KiB per page, ${cpu.toFixed(1)} µs per change and page`,
  );
}

/** The same rows for both. */
async function overNats(): Promise<readonly CampaignRecord[]> {
  const server = await NatsServer.start();
  const platform = await Platform.start(server, 'flows', { sampleData: 'empty' });
  platform.backend.campaigns.fill(CAMPAIGNS, 'flows');
  await platform.written();
  const sockets: WebSocket[] = [];
  const feeds: FeedReader[] = [];
  const connect = () =>
    server.connect('editor', {
      reconnect: false,
      wsFactory: async (url) => {
        const socket = new WebSocket(url);
        sockets.push(socket);
        return { socket: socket as unknown as globalThis.WebSocket, encrypted: false };
      },
    });
  const rows = platform.backend.campaigns.list('flows');
  await measure('NATS', {
    pid: server.pid,
    received: () => sum(sockets.map((socket) => (socket as unknown as { _socket: Socket })._socket.bytesRead)),
    open: async () =>
      void feeds.push(await new FeedReader(natsAdapter({ connect, heartbeatMs: HEARTBEAT_MS })).synced()),
    async change(times) {
      // Change a different campaign each time: of one that changes faster than it is read, only the latest state is
      // sent.
      for (const { id } of rows.slice(0, times)) platform.backend.campaigns.touch({ system: 'flows', id });
      await until(() => feeds.every((feed) => feed.rows.length === CAMPAIGNS + times), 'all have them', 120_000);
    },
  });
  await Promise.all(feeds.map((feed) => feed.stop()));
  await platform.close();
  await server.close();
  return rows;
}

async function overSse(rows: readonly CampaignRecord[]): Promise<void> {
  const server = spawn(process.execPath, ['--import', 'tsx', sseServer], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  server.send({ heartbeatMs: HEARTBEAT_MS, rows } satisfies Setup);
  const [port] = (await once(server, 'message')) as [number];
  const sockets: Socket[] = [];
  const last: number[] = [];
  await measure('SSE', {
    pid: server.pid!,
    received: () => sum(sockets.map((socket) => socket.bytesRead)),
    async open() {
      const response = await new Promise<IncomingMessage>((resolve) => get({ port, agent: false }, resolve));
      const page = sockets.push(response.socket) - 1;
      let tail = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        tail = (tail + chunk).slice(-2000);
        last[page] = Number(/(?:.|\n)*^id: epoch:(\d+)\ndata: .*\n\n/m.exec(tail)?.[1] ?? -1);
      });
      await until(() => tail.includes('synced'), 'synced');
    },
    async change(times) {
      server.send(times satisfies Order);
      await until(() => last.every((position) => position === times), 'all have them', 120_000);
    },
  });
  server.disconnect();
}

/** The memory of a process. */
function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

/** The CPU time of a process so far; the kernel counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

await overSse(await overNats());
