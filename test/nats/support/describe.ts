import { describe } from 'node:test';
import { program } from './nats-server.ts';

/** A suite that needs a nats-server. Without one it holds nothing: nats.test.ts says why. Its tests mostly wait, so some run at once. */
export function describeNats(name: string, tests: () => void): void {
  if (program) describe(name, { concurrency: 3, timeout: 300_000 }, tests);
}
