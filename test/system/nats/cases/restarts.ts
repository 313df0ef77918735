import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Kvm } from '@nats-io/kv';
import { describeNats } from '../../../support/nats/describe.ts';
import { FeedReader } from '../../../support/nats/feed.ts';
import { createBucket, CountedAdapter, createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });

describeNats('the server is killed', () => {
  it('three times mid-stream, with its data: the page continues each time, and equals the platform', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 50);
    const page = at.adapter();
    const client = await at.client(page).live();
    const epochs = new Set<string>();
    for (let round = 1; round <= 3; round++) {
      platform.backend.campaigns.churn({ system: 'flows', perSecond: 200, forMs: 1500 });
      const { value } = client.store.list('flows');
      await until(() => client.store.list('flows').value !== value, 'changes stream');
      await server.kill();
      await client.lost();
      await server.start();
      await client.live();
      const feed = await at.feed(page).synced();
      epochs.add(feed.open!.epoch!);
      await feed.stop();
    }
    await client.equals();
    assert.equal(epochs.size, 1);
    assert.deepEqual(
      client.reports.filter(({ kind }) => kind !== 'unanswered'),
      [],
    );
  });

  it('fault 12: with an empty bucket: a new epoch, shown all at once', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 10);
    const client = await at.client().live();
    await client.equals();
    for (let n = 0; n < 50; n++)
      platform.backend.campaigns.touch(flow(platform.backend.campaigns.list('flows')[0]!.id));
    await platform.written();
    await server.restore();
    await client.equals();
    assert.ok(client.reported('resync') > 0);
    platform.backend.campaigns.rename(flow(platform.backend.campaigns.list('flows')[0]!.id), 'After it');
    await client.equals();
  });

  it('fault 13: with an old state under the same name: detected, and a new epoch', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 10);
    const page = at.adapter();
    const client = await at.client(page).live();
    await client.equals();
    const { epoch } = (await at.feed(page).synced()).open!;
    const saved = await server.save();
    await client.equals();
    const [one] = platform.backend.campaigns.list('flows').map(({ id }) => id);
    for (let n = 0; n < 50; n++) platform.backend.campaigns.rename(flow(one!), `Name ${n}`);
    await client.equals();
    await server.restore(saved);
    platform.backend.campaigns.rename(flow(one!), 'After it');
    await client.equals();
    const later = (await at.feed(page).synced()).open!.epoch!;
    assert.equal(later, `${epoch}~1`);
    assert.ok(client.reported('resync') > 0);
    assert.equal(client.reported('regressions'), 0);
  });
});

describeNats('the bucket is replaced', () => {
  it('while a page watches: detected by missing heartbeats, and the new bucket is read', async (t) => {
    const { platform, ...at } = await createFixture(t, 10);
    const client = await at.client().live();
    await client.equals();
    const kvm = new Kvm(platform.connection);
    await platform.kv.destroy();
    const kv = await kvm.create('campaigns-flows');
    await kv.put('only-one', '{"status":"active","name":"Only one"}');
    await until(
      () => client.store.list('flows').value.ids.join() === 'only-one' && client.state === 'live',
      'the new one is shown',
    );
  });

  it('and missing for a while: not reported as misconfigured, and read as soon as it is back', async (t) => {
    const { platform, ...at } = await createFixture(t, 10);
    const client = await at.client().live();
    await platform.kv.destroy();
    await client.lost();
    await until(
      () => client.store.connection('flows').value.cause?.message.includes('is gone'),
      'it is asked for in vain',
    );
    await (await new Kvm(platform.connection).create('campaigns-flows')).put('back', '{"status":"active"}');
    await until(() => client.store.list('flows').value.ids.join() === 'back' && client.state === 'live', 'it is back');
    assert.ok(!client.states.includes('misconfigured'));
  });

  it('while nobody watches, with more messages: an old position is answered with a snapshot', async (t) => {
    const { server, bucket } = await createBucket(t);
    const kv = await bucket();
    const page = new CountedAdapter(server);
    await kv.put('a', '{"status":"active"}');
    const before = await new FeedReader(page.adapter).synced();
    await before.stop();
    await kv.destroy();
    const next = await bucket();
    for (const id of ['b', 'c', 'd']) await next.put(id, '{"status":"active"}');
    const feed = await new FeedReader(page.adapter, { since: before.position }).synced();
    await feed.stop();
    assert.deepEqual([feed.open!.mode, ...feed.rows.map(({ id }) => id)], ['snapshot', 'b', 'c', 'd']);
    assert.notEqual(feed.open!.epoch, before.open!.epoch);
  });

  it('between the request for its state and the first row: that snapshot is never reported as complete', async (t) => {
    const { server, bucket } = await createBucket(t);
    const kv = await bucket();
    await kv.put('a', '{"status":"active"}');
    const page = new CountedAdapter(server, {
      connect: async () => {
        const connection = await server.connect('editor', { reconnect: false });
        const request = connection.request.bind(connection);
        connection.request = async (subject, ...rest) => {
          if (subject.startsWith('$JS.API.CONSUMER.CREATE')) {
            await kv.destroy();
            await (await bucket()).put('b', '{"status":"active"}');
          }
          return request(subject, ...rest);
        };
        return connection;
      },
    });
    const feed = new FeedReader(page.adapter);
    assert.equal(await feed.ended(), 'unavailable');
    assert.ok(!feed.types.includes('synced'));
  });

  it('with an older state, and without new writes: the page shows the older state', async (t) => {
    const { server, bucket } = await createBucket(t);
    const page = new CountedAdapter(server);
    await (await bucket()).put('a', '{"status":"inactive"}');
    const saved = await server.save();
    await (await bucket()).put('a', '{"status":"active"}');
    const before = await new FeedReader(page.adapter).synced();
    await before.stop();
    await server.restore(saved);
    const feed = await new FeedReader(page.adapter, { since: before.position }).synced();
    await feed.stop();
    assert.deepEqual([feed.open!.mode, feed.rows[0]!.status], ['snapshot', 'inactive']);
    assert.equal(feed.open!.epoch, `${before.open!.epoch}~1`);
  });

  it('with an older state, and written past the position: detected by the message at the position', async (t) => {
    const { server, bucket } = await createBucket(t);
    const page = new CountedAdapter(server);
    await (await bucket()).put('a', '{"status":"inactive"}');
    const saved = await server.save();
    await (await bucket()).put('b', '{"status":"inactive"}');
    const before = await new FeedReader(page.adapter).synced();
    await before.stop();
    await server.restore(saved);
    const kv = await bucket();
    await kv.put('c', '{"status":"active"}');
    await kv.put('d', '{"status":"active"}');
    const feed = new FeedReader(page.adapter, { since: before.position });
    assert.equal(await feed.ended(), 'expired');
    assert.equal(feed.rows.length, 0);
    const fresh = await new FeedReader(page.adapter).synced();
    await fresh.stop();
    assert.deepEqual(
      fresh.rows.map(({ id }) => id),
      ['a', 'c', 'd'],
    );
    assert.notEqual(fresh.open!.epoch, before.open!.epoch);
  });
});

describeNats('a bucket that can’t be trusted', () => {
  it('does not exist: reported once, as misconfigured', async (t) => {
    const at = await createFixture(t, 1);
    const feed = at.feed(at.adapter({ bucket: (system) => `${system}-elsewhere` }, 'platform'));
    assert.equal(await feed.ended(), 'misconfigured');
    assert.match(JSON.stringify(feed.end), /there is no bucket \\"flows-elsewhere\\"; create it, or name another/);
  });

  it('drops values by age without telling readers', async (t) => {
    const { platform, ...at } = await createFixture(t, 1);
    await new Kvm(platform.connection).create('forgetful', { ttl: 60_000 });
    const feed = at.feed(at.adapter({ bucket: () => 'forgetful' }, 'platform'));
    assert.equal(await feed.ended(), 'misconfigured');
    assert.match(JSON.stringify(feed.end), /drops values after 60 s without a removal marker; create it without a ttl/);
  });
});
