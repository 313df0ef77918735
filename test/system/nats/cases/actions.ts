import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ActRequest, ActResult, CampaignAdapter } from '../../../../src/adapters/index.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import type { NatsServer } from '../../../support/nats/nats-server.ts';
import { createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });
let keys = 0;

/** Sends one action, without a store. */
function press(adapter: CampaignAdapter<unknown>, id: string, action: string, more: Partial<ActRequest> = {}) {
  return adapter.act({
    ref: flow(id),
    action,
    expect: { status: 'inactive', revision: 1 },
    idempotencyKey: `key-${++keys}`,
    signal: new AbortController().signal,
    ...more,
  });
}

/** A backend that gives the same reply to every request, or none. @returns a function that counts the requests */
async function answering(server: NatsServer, subject: string, reply?: string): Promise<() => number> {
  const connection = await server.connect('platform');
  let requests = 0;
  connection.subscribe(subject, {
    max: 1,
    callback: (_, message) => {
      requests++;
      if (reply !== undefined) message.respond(reply);
    },
  });
  await connection.flush();
  return () => requests;
}

const startable = { system: 'flows', id: 'a', met: ['active-flow'] } as const;

describeNats('an action', () => {
  it('has one effect, and its answer has the bucket’s row', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    await platform.written();
    const page = at.adapter();
    const client = await at.client(page).live();
    assert.deepEqual(await client.store.perform(flow('a'), 'start'), { outcome: 'done' });
    assert.equal(client.store.campaign(flow('a')).value.status, 'active');
    assert.deepEqual(platform.requests, ['editor: start a']);
    assert.equal(platform.backend.effects().length, 1);

    const feed = await at.feed(page).synced();
    const result = (await press(page.adapter, 'a', 'stop')) as Extract<ActResult, { outcome: 'done' }>;
    assert.equal(result.outcome, 'done');
    assert.equal(result.epoch, feed.open!.epoch);
    await feed.until('its row', () => feed.rows.length > 1);
    assert.equal(result.campaign.revision, feed.rows.at(-1)!.revision);
    assert.equal(result.campaign.status, feed.rows.at(-1)!.status);
  });

  it('that is no longer legal is a conflict, with the newer status', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add({ ...startable, status: 'active' });
    await platform.written();
    const result = await press(at.adapter().adapter, 'a', 'start');
    assert.equal(result.outcome, 'conflict');
    assert.equal((result as { campaign: { status: string } }).campaign.status, 'active');
    assert.ok((result as { reason: string }).reason);
  });

  it('is refused with a code: unknown action, removed campaign, impossible id, forbidden', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    platform.backend.campaigns.deny(flow('a'), { start: 'Only editors may.' });
    await platform.written();
    const { adapter } = at.adapter();
    const code = async (result: Promise<ActResult<unknown>>) => ((await result) as { code: string }).code;
    assert.equal(await code(press(adapter, 'a', 'explode')), 'invalid');
    assert.equal(await code(press(adapter, 'b', 'start')), 'gone');
    assert.equal(await code(press(adapter, 'x'.repeat(2000), 'start')), 'gone');
    assert.deepEqual(await press(adapter, 'a', 'start'), {
      outcome: 'refused',
      code: 'forbidden',
      reason: 'Only editors may.',
    });
    assert.equal(platform.backend.effects().length, 0);
  });

  it('without a responder is refused at once: nothing can have happened', async (t) => {
    const at = await createFixture(t, 0);
    const page = at.adapter({ actions: 'nobody', timeoutMs: 120_000 }, 'platform');
    const began = performance.now();
    assert.deepEqual(await press(page.adapter, 'a', 'start'), { outcome: 'refused', code: 'unavailable' });
    assert.ok(performance.now() - began < 30_000);
  });

  it('fault 31: an action whose answer is lost is sent again with the same key, and has one effect', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    await platform.written();
    platform.backend.faults.loseNextAnswer();
    const page = at.adapter({ timeoutMs: 5000 });
    const { adapter } = page;
    await assert.rejects(press(adapter, 'a', 'start', { idempotencyKey: 'mine' }), {
      name: 'AdapterError',
      code: 'unavailable',
      message: 'NATS did not answer within 5000 ms',
    });
    const again = await press(adapter, 'a', 'start', { idempotencyKey: 'mine' });
    assert.equal(again.outcome, 'done');
    assert.equal(platform.backend.effects().length, 1);
    platform.backend.faults.loseNextAnswer();
    const client = await at.client(page).live();
    assert.deepEqual(await client.store.perform(flow('a'), 'stop'), { outcome: 'done' });
    assert.equal(platform.backend.effects().length, 2);
  });

  it('that is throttled waits for the given time', async (t) => {
    const { platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    await platform.written();
    platform.backend.faults.throttle(60_000);
    await assert.rejects(press(at.adapter().adapter, 'a', 'start'), (error: Record<string, unknown>) => {
      assert.equal(error['code'], 'throttled');
      assert.ok((error['retryAfterMs'] as number) > 0);
      return true;
    });
    const client = await at.client().live();
    platform.backend.faults.throttle(300);
    assert.deepEqual(await client.store.perform(flow('a'), 'start'), { outcome: 'done' });
    assert.equal(platform.backend.effects().length, 1);
  });

  it('with an unreadable answer has an unknown outcome and an error that says what was wrong', async (t) => {
    const { server, ...at } = await createFixture(t, 0);
    for (const reply of ['no JSON', 'null', '{}', '"done"']) {
      await answering(server, 'broken.>', reply);
      await assert.rejects(press(at.adapter({ actions: 'broken' }, 'platform').adapter, 'a', 'start'), {
        code: 'protocol',
        message: 'the reply to broken.flows.a.start is no JSON with an `outcome`',
      });
    }
  });

  it('without a connection is refused, and not sent later', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    await platform.written();
    const { adapter } = at.adapter({
      timeoutMs: 200,
      connect: async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return server.connect('editor', { reconnect: false });
      },
    });
    assert.deepEqual(await press(adapter, 'a', 'start'), { outcome: 'refused', code: 'unavailable' });
    await until(async () => (await server.connections('editor')) === 0, 'the late connection is closed again');
    const away = at.adapter();
    away.connectError = new Error('no way to the server');
    assert.deepEqual(await press(away.adapter, 'a', 'start'), { outcome: 'refused', code: 'unavailable' });
    assert.deepEqual(platform.requests, []);
  });

  it('that is pending when the server is killed is sent again until its outcome is known, and has one effect', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add(startable);
    await platform.written();
    const client = await at.client().live();
    platform.backend.faults.latency(300);
    const outcome = client.store.perform(flow('a'), 'start');
    await until(() => platform.requests.length === 1, 'it arrived');
    await server.kill();
    platform.backend.faults.latency(0);
    await server.start();
    assert.deepEqual(await outcome, { outcome: 'done' });
    assert.equal(platform.backend.effects().length, 1);
    await client.equals();
  });

  it('that is aborted stops waiting, and leaves nothing open', async (t) => {
    const { server, ...at } = await createFixture(t, 0);
    const requestCount = await answering(server, 'quiet.>');
    const controller = new AbortController();
    const page = at.adapter({ actions: 'quiet' }, 'platform');
    const result = press(page.adapter, 'a', 'start', { signal: controller.signal });
    result.catch(() => {});
    await until(() => requestCount() === 1, 'it is under way');
    controller.abort(new Error('given up'));
    await assert.rejects(result, { message: 'given up' });
    await until(() => page.open.size === 0, 'nothing is open');
  });
});

describeNats('one campaign, read now', () => {
  it('reads a campaign, a removed one, an absent one; an unreadable value keeps its id', async (t) => {
    const { platform, ...at } = await createFixture(t, 2);
    const page = at.adapter();
    const feed = await at.feed(page).synced();
    const { signal } = new AbortController();
    const [one, other] = feed.rows;
    assert.deepEqual(await page.adapter.get!(flow(one!.id), signal), { campaign: one, epoch: feed.open!.epoch });
    platform.backend.campaigns.remove(flow(other!.id));
    await platform.written();
    for (const id of [other!.id, 'nobody', 'x'.repeat(2000)])
      assert.equal(await page.adapter.get!(flow(id), signal), undefined);
    const revision = await platform.kv.put(one!.id, 'no JSON');
    assert.deepEqual(await page.adapter.get!(flow(one!.id), signal), {
      campaign: { id: one!.id, revision },
      epoch: feed.open!.epoch,
    });
    await platform.kv.purge(one!.id);
    assert.equal(await page.adapter.get!(flow(one!.id), signal), undefined);
  });

  it('fails within the set time when the server does not answer', async (t) => {
    const { server, ...at } = await createFixture(t, 1);
    const page = at.adapter({ timeoutMs: 5000 });
    await at.feed(page).synced();
    await server.freeze();
    await assert.rejects(page.adapter.get!(flow('a'), new AbortController().signal), {
      code: 'unavailable',
      message: 'NATS did not answer within 5000 ms',
    });
    server.thaw();
  });
});
