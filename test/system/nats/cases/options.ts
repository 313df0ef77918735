import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CampaignRef } from '../../../../src/adapters/index.ts';
import { natsAdapter, type NatsAdapterOptions, type NatsConnection } from '../../../../src/adapters/nats.ts';

const connection = {} as NatsConnection;
const connect = (): Promise<NatsConnection> => Promise.resolve(connection);
const refused = (options: unknown, message: RegExp): void =>
  assert.throws(() => natsAdapter(options as NatsAdapterOptions), { name: 'TypeError', message });

describe('options', () => {
  it('accept one way to connect, and no other', () => {
    for (const options of [undefined, {}, { connect: 'wss://nats.example' }, { connect, connection }])
      refused(options, /^natsAdapter: give `connect`, such as .* or a `connection` of your own$/);
    natsAdapter({ connect });
    natsAdapter({ connection });
  });

  it('take times in ms, and refuse seconds', () => {
    for (const name of ['heartbeatMs', 'timeoutMs', 'checkMs'])
      for (const ms of [5, 0, -1, Infinity, NaN, '5000', 3_600_001])
        refused(
          { connect, [name]: ms },
          new RegExp(`^natsAdapter: ${name} must be a number of ms from 100 to 3600000`),
        );
  });

  it('need a subject without wildcards for actions', () => {
    for (const actions of ['', 'a.', 'a..b', 'a.*', 'a.>', 'a b'])
      refused({ connect, actions }, /^natsAdapter: `actions` must be a subject without wildcards/);
  });

  it('pass on the host’s optional members, and have none that the host does not give', async () => {
    const plain = natsAdapter({ connect });
    assert.deepEqual(
      [plain.diagnose, plain.log, plain.history, plain.reauthenticate, plain.idempotent],
      [undefined, undefined, undefined, undefined, true],
    );
    const seen: CampaignRef[] = [];
    const adapter = natsAdapter({
      connect,
      idempotent: false,
      diagnose: async (ref) => (seen.push(ref), []),
      log: (ref) => (seen.push(ref), { subscribe: () => ({ unsubscribe() {} }) }),
      history: async (ref, { limit }) => (seen.push({ ...ref, id: `${ref.id} ${limit}` }), { entries: [] }),
      reauthenticate: async () => void seen.push({ system: 'sign', id: 'in' }),
    });
    const { signal } = new AbortController();
    await adapter.diagnose!({ system: 'flows', id: 'a' }, signal);
    adapter.log!({ system: 'flows', id: 'b' }, signal);
    await adapter.history!({ system: 'flows', id: 'c' }, { limit: 5 }, signal);
    await adapter.reauthenticate!(signal);
    assert.deepEqual(
      seen.map(({ id }) => id),
      ['a', 'b', 'c 5', 'in'],
    );
    assert.equal(adapter.idempotent, false);
  });
});
