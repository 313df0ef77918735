/** Adapters are plain objects: they work spread, taken apart, and behind the proxies of reactive frameworks. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AdapterError,
  httpAdapter,
  pollingAdapter,
  routeAdapter,
  shareAcrossTabs,
  type CampaignAdapter,
} from '../../../src/adapters/index.ts';
import { natsAdapter } from '../../../src/adapters/nats.ts';
import { createCampaignStore } from '../../../src/store/index.ts';
import { until } from '../../support/until.ts';
import { actRequest, RecordedWatch } from '../../support/watching.ts';

const polling = (): CampaignAdapter<unknown> =>
  pollingAdapter({
    list: async () => [{ id: 'a', status: 'inactive' }],
    get: async () => ({ id: 'a', status: 'inactive' }),
    act: async () => ({ outcome: 'accepted' }),
  });

/** Answers as a backend that has one campaign and takes every action. */
const fetchStub: typeof fetch = async (address, init) => {
  if (init?.method === 'POST') return new Response(null, { status: 202 });
  if (!(address as string).includes('/watch'))
    return Response.json({ campaign: { id: 'a', status: 'active', revision: 1 } });
  return new Response('data: {"type":"open","mode":"snapshot"}\n\n', {
    headers: { 'content-type': 'text/event-stream' },
  });
};

const adapters: Readonly<Record<string, () => CampaignAdapter<unknown>>> = {
  httpAdapter: () => httpAdapter({ src: 'http://backend.example', fetch: fetchStub }),
  pollingAdapter: polling,
  'shareAcrossTabs(pollingAdapter)': () =>
    shareAcrossTabs(polling(), {
      environment: {
        locks: { request: async (_, __, granted) => granted() },
        openChannel: () => ({ post: () => {}, close: () => {} }),
        onFreeze: () => () => {},
      },
    }),
  'routeAdapter(httpAdapter)': () =>
    routeAdapter({ flows: httpAdapter({ src: 'http://backend.example', fetch: fetchStub }) }),
};

/** As Vue's `reactive` does: every object that is read through it becomes such a proxy. Vue handles collections in another way. */
function reactive<T extends object>(target: T): T {
  return new Proxy(target, {
    get: (of, name, receiver): unknown => {
      const value: unknown = Reflect.get(of, name, receiver);
      const isObject = Object.prototype.toString.call(value) === '[object Object]';
      return isObject ? reactive(value as object) : value;
    },
  });
}

const wrappings: Readonly<Record<string, (adapter: CampaignAdapter<unknown>) => CampaignAdapter<unknown>>> = {
  spread: (adapter) => ({ ...adapter }),
  'behind a reactive proxy': reactive,
  'in reactive data': (adapter) => reactive({ data: { adapter } }).data.adapter,
  'taken apart': ({ watch, act, get }) => ({ watch, act, ...(get ? { get } : {}) }),
  'wrapped by Object.create': (adapter) => Object.create(adapter) as CampaignAdapter<unknown>,
};

for (const [name, create] of Object.entries(adapters))
  describe(name, () => {
    for (const [how, wrap] of Object.entries(wrappings))
      test(`${how}: it watches, acts and reads`, async () => {
        const adapter = wrap(create());
        const watch = new RecordedWatch(adapter);
        await until(() => watch.changes.length > 0 || watch.outcome !== undefined);
        assert.equal(watch.changes[0]?.type, 'open', String(watch.outcome));
        assert.deepEqual(await adapter.act(actRequest('a')), { outcome: 'accepted' });
        const reading = await adapter.get!({ system: 'flows', id: 'a' }, new AbortController().signal);
        assert.equal((reading!.campaign as { id: string }).id, 'a');
        watch.stop();
        await watch.ended;
      });
  });

for (const [how, wrap] of Object.entries(wrappings))
  test(`natsAdapter, ${how}: it asks for a connection`, async () => {
    const connect = (): Promise<never> => Promise.reject(new AdapterError('unauthenticated'));
    const watch = new RecordedWatch(wrap(natsAdapter({ connect })));
    await watch.ended;
    assert.equal((watch.outcome as AdapterError).code, 'unauthenticated');
  });

test('a store takes an adapter and is itself usable behind a reactive proxy', async () => {
  const store = reactive(createCampaignStore({ adapter: reactive(polling()) }));
  const subscription = store.list('flows').subscribe(() => {});
  await until(() => store.list('flows').value.complete);
  assert.equal(store.campaign({ system: 'flows', id: 'a' }).value.status, 'inactive');
  subscription.unsubscribe();
  store.dispose();
});
