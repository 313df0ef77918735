/** pollingAdapter conforms to the contract, over a REST backend that was not made for the kit. */
import type { ServerResponse } from 'node:http';
import { after, describe, it } from 'node:test';
import { backendControl } from '../../../mocks/index.ts';
import { pollingAdapter } from '../../../src/adapters/index.ts';
import { describeConformance, type BackendControl } from '../../../src/conformance/index.ts';
import { json } from '../../support/http-server.ts';
import { restAdapter } from '../../support/rest-adapter.ts';
import { startRestBackend } from '../../support/rest-backend.ts';

const ANSWERS = { unauthenticated: 401, forbidden: 403, throttled: 429, unavailable: 500 } as const;

for (const pages of [false, true])
  describe(`a list ${pages ? 'page by page' : 'in one answer'}`, async () => {
    const rest = await startRestBackend({ sampleData: 'empty' });
    after(() => rest.close());
    const under = new Set<ServerResponse>();
    const inner = rest.handler;
    rest.handler = (request, response) => {
      under.add(response);
      response.on('close', () => under.delete(response));
      inner(request, response);
    };

    /** The network in front of the backend. */
    const network: Partial<BackendControl> = {
      cut: () => {
        rest.trouble = (_, response) => {
          rest.trouble = undefined;
          response.destroy();
          return true;
        };
      },
      loseNextAnswer: () => rest.before('PATCH', (response) => void response.destroy()),
      answerWith: (trouble, retryAfterMs) => {
        rest.trouble =
          trouble &&
          ((_, response) => {
            const headers = retryAfterMs === undefined ? {} : { 'retry-after': String(retryAfterMs / 1000) };
            json(response, ANSWERS[trouble], {}, headers);
            return true;
          });
      },
      openFeeds: () => under.size,
    };
    const control = (system: string): BackendControl => {
      const { seed, change, remove, clear } = backendControl(rest.backend, system);
      return { seed, change, remove, clear, ...network };
    };

    describeConformance(
      { describe, it },
      {
        system: 'flows',
        createAdapter: () => pollingAdapter(restAdapter(rest.src, { pages })),
        control: control('flows'),
        other: { system: 'python', control: control('python') },
        // The promised heartbeat includes the time that a list may take. Each poll sends one.
        timeouts: { heartbeatMs: 30_000 },
      },
    );
  });
