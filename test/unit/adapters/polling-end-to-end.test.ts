/**
 * Store, pollingAdapter and a REST backend that was not made for the kit, over a real port: after every fault, the
 * screen equals the backend.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  pollingAdapter,
  type CampaignAdapter,
  type CampaignRef,
  type PollingAdapterOptions,
} from '../../../src/adapters/index.ts';
import { createCampaignStore, type CampaignStore, type StoreOptions } from '../../../src/store/index.ts';
import { restAdapter } from '../../support/rest-adapter.ts';
import { type RestBackend, startRestBackend } from '../../support/rest-backend.ts';
import { json } from '../../support/http-server.ts';
import { record } from '../../support/store-fixture.ts';
import { until as eventually } from '../../support/until.ts';

let rest: RestBackend;
let store: CampaignStore;
let token: string;
let reports: { kind: string; detail: unknown }[];

const options = (pages = false): PollingAdapterOptions => restAdapter(rest.src, { pages, token: () => token });

function open(adapter: CampaignAdapter<unknown>, options: Partial<StoreOptions> = {}): void {
  store = createCampaignStore({
    adapter,
    graceMs: 0,
    slackMs: 500,
    uncertainAfterMs: 60_000,
    environment: { random: () => 0.1 },
    report: (event) => reports.push(event),
    ...options,
  });
}

beforeEach(async () => {
  token = 'first';
  reports = [];
  rest = await startRestBackend();
});
afterEach(async () => {
  store.dispose();
  await rest.close();
});

const state = (): string => store.connection('flows').value.state;

/** Waits until a condition holds. */
const until = (holds: () => boolean): Promise<true> => eventually(holds, state);

/** True if the store shows exactly what the backend has, live. */
function equal(): boolean {
  const rows = rest.backend.campaigns.list('flows');
  const { ids, complete } = store.list('flows').value;
  return (
    complete &&
    ids.length === rows.length &&
    rows.every(({ id, status, name, message = '' }) => {
      const view = store.campaign(flow(id)).value;
      return view.status === status && view.message === message && view.name === name && !view.stale;
    })
  );
}

const flow = (id: string): CampaignRef => ({ system: 'flows', id });

function some(status: string): CampaignRef {
  return flow(rest.backend.campaigns.list('flows').find((campaign) => campaign.status === status)!.id);
}

for (const pages of [false, true])
  describe(`a list ${pages ? 'page by page' : 'in one answer'}`, () => {
    beforeEach(async () => {
      open(pollingAdapter(options(pages)));
      record(store.list('flows'));
      await until(() => state() === 'live' && equal());
    });

    test('shows changes, additions and removals', async () => {
      const { campaigns } = rest.backend;
      campaigns.raise(some('active'), 'Äußerst 😀\nschlimm');
      campaigns.add({ system: 'flows', name: 'New', met: ['active-flow'] });
      campaigns.remove(some('inactive'));
      await until(equal);
      assert.deepEqual(reports, []);
    });

    test('a backend that fails and recovers: last known meanwhile; campaigns removed meanwhile are removed', async () => {
      const ref = some('inactive');
      const other = some('active');
      rest.trouble = (_, response) => (response.destroy(), true);
      await until(() => store.campaign(ref).value.stale !== undefined);
      rest.backend.campaigns.remove(ref);
      rest.backend.campaigns.rename(other, 'Renamed meanwhile');
      rest.trouble = undefined;
      await until(() => state() === 'live' && equal());
      assert.equal(store.campaign(ref).value.presence, 'gone');
      assert.equal(store.campaign(other).value.name, 'Renamed meanwhile');
    });

    test('fault 16: a list that hangs times out, and the error says so', async () => {
      store.dispose();
      // The store alone would notice much later.
      open(pollingAdapter({ ...options(pages), timeoutMs: 400 }), { slackMs: 60_000 });
      record(store.list('flows'));
      await until(() => state() === 'live' && equal());
      const ref = some('inactive');
      rest.trouble = () => true;
      await until(() => store.campaign(ref).value.stale !== undefined);
      assert.match(store.connection('flows').value.cause!.message, /^list\("flows"\) took longer than 400 ms/);
      rest.trouble = undefined;
      await until(() => state() === 'live' && equal());
    });

    test('start and stop: pending until a poll confirms it', async () => {
      const ref = some('active');
      const views = record(store.campaign(ref));
      const outcome = store.perform(ref, 'stop');
      assert.equal(views.last.request!.phase, 'pending');
      assert.equal(views.last.status, 'active');
      assert.deepEqual(await outcome, { outcome: 'done' });
      assert.equal(views.last.status, 'inactive');
      await until(equal);
    });
  });

describe('actions', () => {
  /** Settles when the backend has answered the next action. */
  let answered: Promise<void>;

  beforeEach(async () => {
    let resolveAnswered!: () => void;
    answered = new Promise((resolve) => (resolveAnswered = resolve));
    const whole = options();
    open(
      pollingAdapter({
        ...whole,
        act: (request) => whole.act(request).finally(() => setImmediate(resolveAnswered)),
        async reauthenticate() {
          token = 'fresh';
        },
      }),
    );
    record(store.list('flows'));
    await until(() => state() === 'live' && equal());
  });

  /** Runs `work` when the next request of this method arrives, before it is processed. */
  const onArrival = (method: string, work: () => void): void => {
    rest.trouble = (request) => {
      if (request.method === method) {
        rest.trouble = undefined;
        work();
      }
      return false;
    };
  };

  test('a list read before an action can neither undo it nor turn it into a conflict', async () => {
    const ref = some('active');
    const { statuses } = shown(ref);
    const { campaigns } = rest.backend;
    onArrival('GET', () => campaigns.force(ref, { status: 'error' }));
    let outcome: Promise<unknown> | undefined;
    rest.before('GET', async () => {
      campaigns.force(ref, { status: 'active' });
      outcome = store.perform(ref, 'stop');
      await answered;
    });
    await until(() => outcome !== undefined);
    assert.deepEqual(await outcome, { outcome: 'done' });
    await until(equal);
    assert.deepEqual(statuses(), ['active', 'inactive']);
  });

  test('no longer legal: a conflict with the backend’s reason, and the newer status', async () => {
    const ref = some('active');
    const { statuses } = shown(ref);
    onArrival('PATCH', () => rest.backend.campaigns.force(ref, { status: 'error' }));
    assert.deepEqual(await store.perform(ref, 'stop'), {
      outcome: 'conflict',
      reason: { code: 'conflict', text: "A campaign that is FAILED can't be turned PAUSED." },
    });
    await until(equal);
    assert.deepEqual(statuses(), ['active', 'error']);
  });

  test('fault 31: the answer is lost: not sent again, and confirmed by the next poll', async () => {
    const ref = some('active');
    const view = record(store.campaign(ref));
    rest.before('PATCH', (response) => void response.destroy());
    assert.equal((await store.perform(ref, 'stop')).outcome, 'uncertain');
    await until(() => view.last.status === 'inactive' && view.last.request?.phase === 'done');
    assert.equal(rest.requests.filter(({ method }) => method === 'PATCH').length, 1);
  });

  test('signed out: signs in again once, and everything continues', async () => {
    rest.trouble = (request, response) => {
      if (request.headers.authorization === 'fresh') return false;
      json(response, 401, {});
      return true;
    };
    await until(() => token === 'fresh');
    await until(() => state() === 'live' && equal());
    assert.deepEqual(await store.perform(some('active'), 'stop'), { outcome: 'done' });
  });

  test('fault 20: throttled with Retry-After: no request for as long', async () => {
    const requestedAt: number[] = [];
    rest.trouble = (_, response) => {
      requestedAt.push(performance.now());
      json(response, 429, {}, { 'retry-after': '1' });
      return true;
    };
    await until(() => state() === 'waiting');
    await until(() => requestedAt.length > 1);
    const after = requestedAt[1]! - requestedAt[0]!;
    assert.ok(after >= 900, `requested again after ${after} ms`);
    rest.trouble = undefined;
    await until(() => state() === 'live' && equal());
  });
});

test('two systems with equal ids share nothing', async () => {
  rest.backend.campaigns.add({ system: 'flows', id: 'same', name: 'A flow' });
  rest.backend.campaigns.add({ system: 'python', id: 'same', name: 'A script' });
  open(pollingAdapter(options()));
  for (const system of ['flows', 'python']) record(store.list(system));
  await until(() => store.campaign({ system: 'python', id: 'same' }).value.name === 'A script');
  await until(() => store.campaign(flow('same')).value.name === 'A flow');
  await until(equal);
});

test('a header alone: finds its campaign on any page', async () => {
  const last = flow(rest.backend.campaigns.list('flows').at(-1)!.id);
  open(pollingAdapter(options(true)));
  const { values } = record(store.campaign(last));
  await until(() => values.at(-1)!.presence === 'present');
  rest.backend.campaigns.rename(last, 'Alone');
  await until(() => values.at(-1)!.name === 'Alone');
  rest.backend.campaigns.remove(last);
  await until(() => values.at(-1)!.presence === 'gone');
});

test('Check again reads one campaign where the backend can, else everything', async () => {
  const { get: _, ...without } = options();
  for (const able of [options(), without]) {
    open(pollingAdapter({ ...able, intervalMs: 60_000 }));
    record(store.list('flows'));
    await until(() => state() === 'live' && equal());
    const ref = some('active');
    rest.backend.campaigns.raise(ref, 'The channel broke.');
    assert.equal(await store.refresh(ref), true);
    assert.equal(store.campaign(ref).value.status, 'error');
    rest.backend.campaigns.remove(ref);
    assert.equal(await store.refresh(ref), true);
    assert.equal(store.campaign(ref).value.presence, 'gone');
    store.dispose();
  }
});

test('unreadable rows are reported by id; the others are shown', async () => {
  let readings = 0;
  open(
    pollingAdapter({
      ...options(),
      list: () => {
        readings++;
        return Promise.resolve([
          { id: 42, status: 'active' } as never,
          { id: 'a', status: 7 } as never,
          { id: 'b', status: 'active' },
        ]);
      },
    }),
  );
  record(store.list('flows'));
  await until(() => state() === 'live' && readings > 3);
  assert.deepEqual(
    reports.map(({ kind, detail }) => [kind, (detail as { problem: string }).problem]),
    [
      ['unreadable', 'status must be a string, got 7'],
      ['dropped', 'id must be a string of 1 to 1,024 characters, got 42; use String(id)'],
    ],
  );
  assert.equal(store.campaign(flow('b')).value.status, 'active');
  assert.equal(store.connection('flows').value.counters.drift, 0);
});

/** The statuses that were shown, in order. */
function shown(ref: CampaignRef): { statuses(): string[] } {
  const { values } = record(store.campaign(ref));
  return {
    statuses: () => values.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]),
  };
}
