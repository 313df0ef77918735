/** The worked example of a custom adapter conforms to the contract, over a real WebSocket. */
import { after, describe, it } from 'node:test';
import { serveCampaigns } from '../../../examples/adapters/websocket-server.ts';
import { webSocketAdapter } from '../../../examples/adapters/websocket.ts';
import { backendControl, simulateBackend } from '../../../mocks/index.ts';
import { describeConformance } from '../../../src/conformance/index.ts';
import { withWebSocket } from '../../support/web-socket.ts';

withWebSocket();

describe('WebSocket', async () => {
  const backend = simulateBackend({ sampleData: 'empty', heartbeatMs: 500 });
  const server = await serveCampaigns(backend);
  after(async () => {
    await server.close();
    backend.dispose();
  });
  describeConformance(
    { describe, it },
    {
      system: 'flows',
      createAdapter: () => webSocketAdapter(server.url),
      control: backendControl(backend, 'flows'),
      other: { system: 'python', control: backendControl(backend, 'python') },
    },
  );
});
