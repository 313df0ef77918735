import { createServer, type AddressInfo } from 'node:net';
import type { NatsConnection, WsConnectionOptions } from '@nats-io/nats-core';
import { jetstreamManager } from '@nats-io/jetstream';
import { NatsServer, type Reachable, type User } from './nats-server.ts';

const NAMES = ['one', 'two', 'three'] as const;

/** Three servers that hold each bucket together. One of them may be down. */
export class Cluster implements Reachable {
  private constructor(readonly servers: ReadonlyMap<string, NatsServer>) {}

  static async start(): Promise<Cluster> {
    const ports = await freePorts(NAMES.length);
    const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join();
    const results = await Promise.allSettled(
      NAMES.map((name, n) =>
        NatsServer.start({
          args: [
            ...['--server_name', name, '--cluster_name', 'campaigns'],
            ...['--cluster', `nats://127.0.0.1:${ports[n]}`, '--routes', routes],
          ],
        }),
      ),
    );
    const servers = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = results.find((one) => one.status === 'rejected');
    if (refused) {
      await Promise.all(servers.map((server) => server.close()));
      throw refused.reason;
    }
    return new Cluster(new Map(NAMES.map((name, n) => [name, servers[n]!])));
  }

  /** Connects to any server that runs. */
  connect(user: User, options: WsConnectionOptions = {}): Promise<NatsConnection> {
    const [first] = this.servers.values();
    return first!.connect(user, { servers: [...this.servers.values()].map(({ url }) => url), ...options });
  }

  /** The server that leads a stream, and whether all others have all its data; `undefined` while none leads. */
  async leader(stream: string): Promise<{ readonly server: NatsServer; readonly whole: boolean } | undefined> {
    const connection = await this.connect('platform', { reconnect: false });
    try {
      const manager = await jetstreamManager(connection, { timeout: 1000 });
      const { cluster } = await manager.streams.info(stream);
      const server = this.servers.get(cluster?.leader ?? '');
      return (
        server && {
          server,
          whole: cluster!.replicas?.length === 2 && cluster!.replicas.every(({ current }) => current),
        }
      );
    } catch {
      return undefined;
    } finally {
      await connection.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.close()));
  }
}

/** Free ports. The servers must know each other's before they start. */
async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  return Promise.all(
    held.map(async (server) => {
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}
