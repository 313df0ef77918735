import assert from 'node:assert/strict';
import { it } from 'node:test';
import { describeNats } from '../../../support/nats/describe.ts';
import { createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });

describeNats('going on from a position', () => {
  it('sends the changes after the position, without the message at the position', async (t) => {
    const { platform, ...at } = await createFixture(t, 20);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    const [one, other] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    platform.backend.campaigns.rename(flow(one!), 'Renamed meanwhile');
    platform.backend.campaigns.remove(flow(other!));
    platform.backend.campaigns.add({ system: 'flows', id: 'new' });
    await platform.written();
    const feed = await at.feed(page, { since: before.position }).synced();
    assert.equal(feed.open!.mode, 'resume');
    assert.equal(feed.open!.epoch, before.open!.epoch);
    assert.deepEqual(
      feed.rows.map(({ id }) => id),
      [one, 'new'],
    );
    assert.deepEqual(
      feed.removed.map(({ id }) => id),
      [other],
    );
    assert.ok(Number(feed.position.cursor) > Number(before.position.cursor));
  });

  it('without changes is complete at once', async (t) => {
    const at = await createFixture(t, 3);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    const feed = await at.feed(page, { since: before.position }).synced();
    assert.deepEqual(feed.types, ['open', 'synced']);
    assert.equal(feed.open!.mode, 'resume');
    assert.deepEqual(feed.position, before.position);
  });

  it('from a bucket that was empty', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    platform.backend.campaigns.add({ system: 'flows', id: 'new' });
    await platform.written();
    const feed = await at.feed(page, { since: before.position }).synced();
    assert.deepEqual([feed.open!.mode, feed.rows.length], ['resume', 1]);
  });

  it('from another epoch, another page or an invalid position: a snapshot follows', async (t) => {
    const at = await createFixture(t, 3);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    const { epoch, cursor } = before.position;
    for (const since of [
      { epoch: 'another', cursor },
      { epoch, cursor: '9999' },
      { epoch, cursor: '-1' },
      { epoch, cursor: 'x' },
    ])
      assert.equal((await at.feed(page, { since }).synced()).open!.mode, 'snapshot');
    assert.equal((await at.feed(at.adapter(), { since: before.position }).synced()).open!.mode, 'snapshot');
  });
});

describeNats('removals that are not announced', () => {
  it('fault 9: removed meanwhile, and its delete marker purged: detected, and a snapshot follows', async (t) => {
    const { platform, ...at } = await createFixture(t, 5);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    const [removed] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    platform.backend.campaigns.remove(flow(removed!));
    await platform.written();
    await platform.purge(removed);
    const feed = at.feed(page, { since: before.position });
    assert.equal(await feed.ended(), 'expired');
    assert.ok(!feed.types.includes('synced'));
    const fresh = await at.feed(page).synced();
    assert.deepEqual([fresh.open!.mode, fresh.open!.epoch], ['snapshot', before.open!.epoch]);
    assert.ok(!fresh.rows.some(({ id }) => id === removed));
  });

  it('when as many campaigns were added as were removed: detected all the same', async (t) => {
    const { platform, ...at } = await createFixture(t, 5);
    const page = at.adapter();
    const before = await at.feed(page).synced();
    await before.stop();
    const [removed] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    platform.backend.campaigns.remove(flow(removed!));
    platform.backend.campaigns.add({ system: 'flows', id: 'new' });
    await platform.written();
    await platform.purge(removed);
    assert.equal(await at.feed(page, { since: before.position }).ended(), 'expired');
  });

  it('through a store: the removed campaign disappears, and that is reported once', async (t) => {
    const { platform, ...at } = await createFixture(t, 5);
    const page = at.adapter();
    const client = await at.client(page).live();
    await client.equals();
    const [removed] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    page.connectError = new Error('no way to the server');
    await page.cut();
    platform.backend.campaigns.remove(flow(removed!));
    await platform.written();
    await platform.purge(removed);
    page.connectError = undefined;
    await client.equals();
    assert.equal(client.store.campaign(flow(removed!)).value.presence, 'gone');
    assert.equal(client.reported('resync'), 1);
  });

  it('purged without a marker while a page watches: detected at the next check', async (t) => {
    const { platform, ...at } = await createFixture(t, 5);
    const client = await at.client(at.adapter({ checkMs: 100 })).live();
    await client.equals();
    const empty = (): boolean => client.state === 'live' && client.store.list('flows').value.ids.length === 0;
    await platform.purge();
    await until(empty, 'the page is empty');
    assert.equal(client.reported('resync'), 1);
  });
});

/** A client that reconnects as soon as the server is back. */
const byItself = { reconnect: true, reconnectTimeWait: 50, maxReconnectAttempts: -1 };

describeNats('the client’s own reconnect', () => {
  it('does not bridge a lost connection: the feed ends with it, although the client reconnects by itself', async (t) => {
    const { server, ...at } = await createFixture(t, 5);
    const page = at.adapter({ connect: () => server.connect('editor', byItself) });
    const feed = await at.feed(page).synced();
    await server.kill();
    assert.equal(await feed.ended(), 'unavailable');
    await server.start();
    const next = await at.feed(page, { since: feed.position }).synced();
    assert.equal(next.open!.mode, 'resume');
    await next.stop();
    await until(async () => (await server.connections('editor')) === 0, 'nothing is open');
  });

  it('with the host’s own connection, which may stay open: feeds resume from their position', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 5);
    const connection = await server.connect('editor', byItself);
    const client = await at.client(at.adapter({ connection })).live();
    await client.equals();
    await server.kill();
    await client.lost();
    await server.start();
    platform.backend.campaigns.rename(flow(platform.backend.campaigns.list('flows')[0]!.id), 'Renamed');
    await client.equals();
    client.store.dispose();
    assert.equal(connection.isClosed(), false);
    assert.equal(await server.connections('editor'), 1);
    await until(async () => (await platform.openFeeds()) === 0, 'no feed is open on it');
  });
});
