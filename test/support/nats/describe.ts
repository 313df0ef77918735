import { describe } from 'node:test';
import { program } from './nats-server.ts';

/**
 * A suite that needs a nats-server. Without one it is empty, and nats.test.ts reports why. Its tests mostly wait, so
 * several run at once.
 */
export function describeNats(name: string, tests: () => void): void {
  if (program) describe(name, { concurrency: 3, timeout: 300_000 }, tests);
}
