/** Runs a real nats-server on loopback, as a process that can be killed, frozen and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NatsConnection, type WsConnectionOptions, wsconnect } from '@nats-io/nats-core';
import WebSocket from 'ws';
import { until } from '../until.ts';

const config = fileURLToPath(new URL('../../../examples/nats/nats.conf', import.meta.url));
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
const named = process.env['NATS_SERVER'];

/** The program that `NATS_SERVER` names, or the first that is found. */
export const program: string | undefined = (
  named ? [named] : folders.map((folder) => join(folder, 'nats-server'))
).find((path) => existsSync(path));

export const howToInstall =
  'These tests run a real nats-server and found none. Install it (Debian and Ubuntu: apt-get install nats-server), or set ' +
  'NATS_SERVER to its program file.';

/** The users of the configuration. */
export type User = 'platform' | 'editor' | 'viewer';

/** The page that may connect from a browser. */
export const pageOrigin = 'http://127.0.0.1:9';

const passwords: Readonly<Record<User, string>> = {
  platform: 'platform-secret',
  editor: 'editor-secret',
  viewer: 'viewer-secret',
};

/** Servers that still run when the tests end. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The options to start a server. */
export interface ServerOptions {
  /** The folder of its streams. Default: a temporary one, removed at the end. */
  readonly store?: string;
  /** More arguments, such as those of a cluster. */
  readonly args?: readonly string[];
  /** Pages of this origin may connect. */
  readonly origin?: string;
}

/** Something to connect to: a server, or several. */
export interface Reachable {
  connect(user: User, options?: WsConnectionOptions): Promise<NatsConnection>;
}

export class NatsServer implements Reachable {
  readonly store: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'nats-'));
  #child: ChildProcess | undefined;
  /** Chosen by the system at first, and kept from then on. */
  #ports = { client: '-1', websocket: '-1', monitor: '-1' };
  readonly #opened = new Set<NatsConnection>();

  private constructor(private readonly options: ServerOptions) {
    this.store = options.store ?? join(this.#folder, 'store');
  }

  static async start(options: ServerOptions = {}): Promise<NatsServer> {
    const server = new NatsServer(options);
    try {
      await server.start();
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  /** The address for browsers. */
  get url(): string {
    return `ws://127.0.0.1:${this.#ports.websocket}`;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  async start(): Promise<void> {
    const { client, websocket, monitor } = this.#ports;
    const args = ['--config', config, '--store_dir', this.store, '-m', monitor, '--ports_file_dir', this.#folder];
    const child = spawn(program!, [...args, ...(this.options.args ?? [])], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        CLIENT_PORT: client,
        WEBSOCKET_PORT: websocket,
        PAGE_ORIGIN: this.options.origin ?? pageOrigin,
        PLATFORM_PASSWORD: passwords.platform,
        EDITOR_PASSWORD: passwords.editor,
        VIEWER_PASSWORD: passwords.viewer,
      },
    });
    this.#child = child;
    running.add(child);
    child.on('exit', () => running.delete(child));
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    const ready = (): boolean => output.includes('Server is ready');
    await until(
      () => ready() || child.exitCode !== null,
      () => `nats-server is ready; its output:\n${output}`,
    );
    if (!ready()) throw new Error(`nats-server did not start:\n${output}`);
    const text = await until(() => {
      const file = readdirSync(this.#folder).find((name) => name.endsWith(`_${child.pid}.ports`));
      const written = file && readFileSync(join(this.#folder, file), 'utf8');
      return written?.endsWith('}') && written;
    }, 'its ports are known');
    const ports = JSON.parse(text) as Record<string, [string]>;
    const port = (kind: string): string => new URL(ports[kind]![0]).port;
    this.#ports = { client: port('nats'), websocket: port('websocket'), monitor: port('monitoring') };
  }

  /** Kills it without a clean shutdown. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Kills it, and restores its data as of `saved`; without `saved`, deletes it. */
  async restore(saved?: string): Promise<void> {
    await this.kill();
    rmSync(this.store, { recursive: true });
    if (saved) cpSync(saved, this.store, { recursive: true });
    await this.start();
  }

  /** Restarts it. @returns a copy of its data, taken in between */
  async save(): Promise<string> {
    await this.kill();
    const saved = mkdtempSync(join(this.#folder, 'saved-'));
    cpSync(this.store, saved, { recursive: true });
    await this.start();
    return saved;
  }

  /** Freezes it: connections stay open, and no data comes. */
  async freeze(): Promise<void> {
    this.#child!.kill('SIGSTOP');
    // On a busy machine its threads stop one after the other, and the last one may still answer.
    await until(() => isStopped(this.pid), 'all of its threads stand still');
  }

  thaw(): void {
    this.#child!.kill('SIGCONT');
  }

  /** Opens a WebSocket connection, which is closed at the end of the test. */
  async connect(user: User, options: WsConnectionOptions = {}): Promise<NatsConnection> {
    const connection = await wsconnect({
      servers: this.url,
      user,
      pass: passwords[user],
      inboxPrefix: `_INBOX_${user}`,
      // Node 20 has no WebSocket of its own.
      wsFactory: async (url) => ({ socket: new WebSocket(url) as unknown as globalThis.WebSocket, encrypted: false }),
      ...options,
    });
    this.#opened.add(connection);
    void connection.closed().then(() => this.#opened.delete(connection));
    return connection;
  }

  /** Reads its monitoring port. */
  async monitor(path: string): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.#ports.monitor}/${path}`);
    return (await response.json()) as Record<string, unknown>;
  }

  /** The number of a user's open connections, as the server counts them. */
  async connections(user: User): Promise<number> {
    const { connections } = await this.monitor('connz?auth=true');
    return (connections as { authorized_user?: string }[]).filter((one) => one.authorized_user === user).length;
  }

  /** The number of consumers of all streams. */
  async consumers(): Promise<number> {
    return (await this.monitor('jsz'))['consumers'] as number;
  }

  async close(): Promise<void> {
    // Kill the server first: a client that closes its connection waits for the server's answer, up to half a minute if
    // that is lost.
    await this.#end('SIGKILL');
    await Promise.all([...this.#opened].map((connection) => connection.close()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

/** Only Linux reports this for each thread; elsewhere the signal has to do. */
function isStopped(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return true;
  return readdirSync(tasks).every((task) => /^State:\s+[Tt]/m.test(readFileSync(join(tasks, task, 'status'), 'utf8')));
}
