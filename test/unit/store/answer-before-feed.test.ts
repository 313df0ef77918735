/** The answer to an action, or a single read, overtakes the feed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { row, type ScriptedWatch } from '../../support/scripted-adapter.ts';
import { flow, liveFixture } from '../../support/store-fixture.ts';

/** A live feed whose campaign was just stopped: the answer has brought revision 7. */
async function answered() {
  const fixture = await liveFixture([row('a', 'active', 5), row('b', 'active', 5)], { cursor: 'c1' });
  const outcome = fixture.store.perform(flow('a'), 'stop');
  fixture.adapter.acts[0]!.answer({ outcome: 'done', campaign: row('a', 'inactive', 7), epoch: 'e1' });
  assert.deepEqual(await outcome, { outcome: 'done' });
  return fixture;
}

/** Ends the feed. @returns what the next one was asked to resume from */
async function nextPosition({ env, adapter, feed }: Awaited<ReturnType<typeof answered>>): Promise<unknown> {
  feed.fail();
  await env.advance(1000);
  return adapter.feed.request.since;
}

const send = (feed: ScriptedWatch, revision: number, status = 'active'): void =>
  feed.push({ type: 'upsert', items: [row('a', status, revision)], cursor: `to ${revision}` });

describe('a row older than an action’s answer', () => {
  test('is only counted: the feed goes on, and resumes from its own position', async () => {
    const fixture = await answered();
    const { env, adapter, feed, view, reported } = fixture;
    send(feed, 6);
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
    assert.equal(fixture.connection.counters.late, 1);
    assert.equal(fixture.connection.state, 'live');
    assert.equal(adapter.watches.length, 1);
    assert.equal(reported('resync'), 0);
    assert.deepEqual(await nextPosition(fixture), { epoch: 'e1', cursor: 'to 6' });
  });

  test('however many come, they cause no snapshot', async () => {
    const fixture = await answered();
    const { env, adapter, feed } = fixture;
    for (let turn = 0; turn < 20; turn++) send(feed, 6);
    await env.advance(5000);
    assert.equal(fixture.connection.counters.late, 20);
    assert.equal(adapter.watches.length, 1);
    assert.deepEqual(await nextPosition(fixture), { epoch: 'e1', cursor: 'to 6' });
  });

  test('is followed by the answer’s own row, which changes nothing, and by newer ones, which are shown', async () => {
    const fixture = await answered();
    const { env, feed, view } = fixture;
    send(feed, 6);
    send(feed, 7, 'inactive');
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
    assert.equal(view('a').request?.phase, 'done');
    send(feed, 8, 'error');
    await env.frameOver();
    assert.equal(view('a').status, 'error');
    assert.equal(fixture.connection.counters.late, 1);
  });

  test('is only counted in a catch-up and in a snapshot, too', async () => {
    const fixture = await answered();
    const { store, env, adapter, view } = fixture;
    await nextPosition(fixture);
    adapter.feed.resumes([row('a', 'active', 6)]);
    await env.frameOver();
    assert.equal(view('a').status, 'inactive');
    void store.refresh({ system: 'flows' });
    const during = store.refresh(flow('b'));
    adapter.gets[0]!.answer({ campaign: row('b', 'error', 9), epoch: 'e1' });
    await during;
    adapter.feed.snapshot([row('a', 'inactive', 7), row('b', 'active', 5)]);
    await env.frameOver();
    assert.equal(view('b').status, 'error');
    assert.equal(fixture.connection.counters.late, 2);
    assert.equal(fixture.connection.counters.regressions, 0);
    assert.equal(adapter.watches.length, 3);
  });

  test('a removal older than it is only counted', async () => {
    const fixture = await answered();
    fixture.feed.remove('a', 6);
    await fixture.env.frameOver();
    assert.equal(fixture.view('a').presence, 'present');
    assert.equal(fixture.connection.counters.late, 1);
    assert.equal(fixture.adapter.watches.length, 1);
  });
});

test('a row older than a single read is only counted', async () => {
  const fixture = await liveFixture([row('a', 'active', 5)], { cursor: 'c1' });
  const { store, env, adapter, feed, view } = fixture;
  const read = store.refresh(flow('a'));
  adapter.gets[0]!.answer({ campaign: row('a', 'error', 9), epoch: 'e1' });
  assert.equal(await read, true);
  for (const revision of [6, 7, 8, 9]) send(feed, revision, revision === 9 ? 'error' : 'active');
  await env.frameOver();
  assert.equal(view('a').status, 'error');
  assert.equal(fixture.connection.counters.late, 3);
  assert.equal(adapter.watches.length, 1);
  assert.deepEqual(await nextPosition(fixture), { epoch: 'e1', cursor: 'to 9' });
});

test('a few rows older than what the feed itself has sent cause one snapshot', async () => {
  const fixture = await liveFixture([row('a', 'active', 5)]);
  const { env, adapter, feed } = fixture;
  send(feed, 4);
  send(feed, 4);
  assert.equal(adapter.watches.length, 1);
  send(feed, 4);
  await env.frameOver();
  assert.equal(fixture.connection.counters.late, 3);
  assert.equal(adapter.watches.length, 2);
  assert.equal(adapter.feed.request.since, undefined);
});
