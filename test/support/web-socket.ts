import { after, before } from 'node:test';
import { WebSocket } from 'ws';

/** Gives the tests of a file a global WebSocket: Node 20 has none. */
export function withWebSocket(): void {
  const original = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
  before(() => Object.defineProperty(globalThis, 'WebSocket', { configurable: true, value: WebSocket }));
  after(() => {
    if (original) Object.defineProperty(globalThis, 'WebSocket', original);
    else delete (globalThis as { WebSocket?: unknown }).WebSocket;
  });
}
