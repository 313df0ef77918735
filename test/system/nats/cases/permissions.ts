import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NatsConnection } from '@nats-io/nats-core';
import WebSocket from 'ws';
import { describeNats } from '../../../support/nats/describe.ts';
import { pageOrigin } from '../../../support/nats/nats-server.ts';
import { createFixture } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const flow = (id: string) => ({ system: 'flows', id });

/** The permission violations that the server reported to a connection. */
function violations(connection: NatsConnection): string[] {
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status())
      if (status.type === 'error') refused.push(/to "(\S+)"/.exec(status.error.message)?.[1] ?? status.error.message);
  })();
  return refused;
}

describeNats('permissions of the configuration', () => {
  it('the editor watches, reads and acts; the viewer watches and reads, and is refused the action', async (t) => {
    const { platform, ...at } = await createFixture(t, 300);
    platform.backend.campaigns.add({ system: 'flows', id: 'a', met: ['active-flow'] });
    const viewer = await at.client(at.adapter({}, 'viewer')).live();
    const editor = await at.client(at.adapter({}, 'editor')).live();
    for (const client of [viewer, editor]) {
      await client.equals();
      assert.equal(await client.store.refresh(flow('a')), true);
    }
    assert.deepEqual(await viewer.store.perform(flow('a'), 'start'), {
      outcome: 'refused',
      reason: { code: 'forbidden' },
    });
    assert.deepEqual(await editor.store.perform(flow('a'), 'start'), { outcome: 'done' });
    assert.deepEqual(platform.requests, ['editor: start a']);
  });

  it('only the platform may write, purge, delete, read other inboxes, or act as another user', async (t) => {
    const { server, ...at } = await createFixture(t, 1);
    void at;
    const editor = await server.connect('editor', { reconnect: false });
    const refused = violations(editor);
    const forbidden = [
      '$KV.campaigns-flows.a',
      '$JS.API.STREAM.PURGE.KV_campaigns-flows',
      '$JS.API.STREAM.DELETE.KV_campaigns-flows',
      '$JS.API.STREAM.UPDATE.KV_campaigns-flows',
      '$JS.API.STREAM.MSG.DELETE.KV_campaigns-flows',
      '$JS.API.STREAM.CREATE.KV_mine',
      '$JS.API.CONSUMER.DELETE.KV_campaigns-flows.other',
      '$JS.API.CONSUMER.DURABLE.CREATE.KV_campaigns-flows.mine',
      '$JS.API.STREAM.INFO.KV_secrets',
      'campaigns.viewer.flows.a.start',
      '_INBOX_viewer.x',
    ];
    for (const subject of forbidden) editor.publish(subject);
    const deaf = ['$KV.>', 'campaigns.>', '_INBOX_viewer.>', '_INBOX.>', '>'];
    for (const subject of deaf) editor.subscribe(subject, { callback: () => {} });
    await editor.flush();
    await until(() => refused.length === forbidden.length + deaf.length, 'all are refused');
    assert.deepEqual(new Set(refused), new Set([...forbidden, ...deaf]));
  });

  it('a feed without permission is forbidden, whether to request it or to receive it', async (t) => {
    const { server, ...at } = await createFixture(t, 1);
    assert.equal(await at.feed(at.adapter({ bucket: () => 'secrets' })).ended(), 'forbidden');
    const elsewhere = at.adapter({
      connect: () => server.connect('editor', { inboxPrefix: '_INBOX', reconnect: false }),
    });
    assert.equal(await at.feed(elsewhere).ended(), 'forbidden');
    // A client without an inbox prefix of its own: the server refuses the inbox that the feed uses.
    const silent = at.adapter({
      connect: async () => {
        const connection = await server.connect('editor', { reconnect: false });
        return new Proxy(connection, {
          get(target, name) {
            const value: unknown = name === 'options' ? undefined : Reflect.get(target, name, target);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
      },
    });
    assert.equal(await at.feed(silent).ended(), 'forbidden');
  });

  it('an action whose answer may not be received has an unknown outcome, and is not reported as refused', async (t) => {
    const { server, platform, ...at } = await createFixture(t, 0);
    platform.backend.campaigns.add({ system: 'flows', id: 'a', met: ['active-flow'] });
    await platform.written();
    const { adapter } = at.adapter({
      connect: () => server.connect('editor', { inboxPrefix: '_INBOX', reconnect: false }),
    });
    const press = adapter.act({
      ref: flow('a'),
      action: 'start',
      expect: { status: 'inactive', revision: 1 },
      idempotencyKey: 'mine',
      signal: new AbortController().signal,
    });
    await assert.rejects(press, { name: 'AdapterError' });
    await until(() => platform.backend.effects().length === 1, 'it has happened');
  });

  it('a page of another origin gets no connection', async (t) => {
    const { server } = await createFixture(t, 0);
    const from = (origin: string) => ({
      reconnect: false,
      wsFactory: async (url: string) => ({
        socket: new WebSocket(url, { origin }) as unknown as globalThis.WebSocket,
        encrypted: false,
      }),
    });
    await assert.rejects(server.connect('editor', from('http://elsewhere.example')));
    await (await server.connect('editor', from(pageOrigin))).close();
  });
});
