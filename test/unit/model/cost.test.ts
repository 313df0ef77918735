/**
 * Invariant 14: the cost of one event does not grow with the number of campaigns, or with observers of other campaigns.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListQuery } from '../../../src/store/index.ts';
import { countOperations } from '../../slow/model/operations.ts';
import { row } from '../../support/scripted-adapter.ts';
import { flow, liveFixture, record } from '../../support/store-fixture.ts';

type Live = Awaited<ReturnType<typeof liveFixture>>;

const FEW = 40;
const MANY = 1000;

/** A live feed of this many campaigns, each with an observer such as a tag. */
async function tags(campaigns: number): Promise<Live> {
  const rows = Array.from({ length: campaigns }, (_, n) => row(`c${n}`, 'active', 5));
  const createFixture = await liveFixture(rows, { heartbeatMs: 5000 });
  for (const { id } of rows) record(createFixture.store.campaign(flow(id)));
  await createFixture.env.frameOver();
  return createFixture;
}

const EVENTS: Readonly<Record<string, (createFixture: Live) => void>> = {
  'a change': ({ feed }) => feed.upsert(row('c3', 'inactive', 6)),
  'a change that is known': ({ feed }) => feed.upsert(row('c3', 'active', 5)),
  'a late change': ({ feed }) => feed.upsert(row('c3', 'inactive', 4)),
  'something that is none': ({ feed }) => feed.upsert({ id: 'c3', status: 7 }),
  'a new campaign': ({ feed }) => feed.upsert(row('new', 'active', 1)),
  'a removal': ({ feed }) => feed.remove('c3', 6),
  'a heartbeat': ({ feed }) => feed.heartbeat(),
};

/** Lists that are sorted and filtered in different ways. */
const QUERIES: readonly ListQuery[] = [
  {},
  { statuses: ['active'], descending: true },
  { sort: 'status' },
  { sort: 'at' },
  { text: 'c' },
];

/** @param lists whether lists are observed too */
async function cost(campaigns: number, event: (createFixture: Live) => void, lists: boolean): Promise<number> {
  const createFixture = await tags(campaigns);
  if (lists) for (const query of QUERIES) record(createFixture.store.list('flows', query));
  createFixture.list.stop();
  // The first run may initialize something, so it is not counted.
  createFixture.feed.upsert(row('c1', 'inactive', 9));
  await createFixture.env.frameOver();
  const count = await countOperations(async () => {
    event(createFixture);
    await createFixture.env.frameOver();
  });
  createFixture.store.dispose();
  return count;
}

describe('the work is the same with a thousand campaigns as with forty', () => {
  for (const [name, event] of Object.entries(EVENTS)) {
    test(`${name}, up to the notified tag`, async () => {
      assert.equal(await cost(MANY, event, false), await cost(FEW, event, false));
    });

    test(`${name}, up to the notified tag and lists`, async () => {
      assert.equal(await cost(MANY, event, true), await cost(FEW, event, true));
    });
  }
});

test('the counter distinguishes one from many', async () => {
  const sum = (n: number) => (): void => void Array.from({ length: n }, (_, i) => i).reduce((a, b) => a + b, 0);
  assert.ok((await countOperations(sum(100))) > (await countOperations(sum(10))));
});
