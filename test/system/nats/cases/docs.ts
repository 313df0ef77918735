/** Runs the code of docs/growing-past-one-server.md, and checks the numbers it states. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { NatsConnection } from '@nats-io/nats-core';
import type { KV } from '@nats-io/kv';
import WebSocket from 'ws';
import type { ActResult, CampaignStore, Lifecycle } from '../../../../src/index.ts';
import { flows } from '../../../../src/lifecycle/index.ts';
import { bundle } from '../../../support/nats/bundle.ts';
import { describeNats } from '../../../support/nats/describe.ts';
import { createBucket, CountedAdapter } from '../../../support/nats/fixture.ts';
import { until } from '../../../support/until.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const text = readFileSync(join(root, 'docs/growing-past-one-server.md'), 'utf8');
/** Inside the tree, so that bare imports are found. */
const folder = join(root, 'test/system/nats/.docs');

interface Sums {
  cost(
    engine: string,
    load: { pages: number; campaigns: number; changes: number },
  ): Record<'megabitsPerSecond' | 'cores' | 'memoryMiB' | 'snapshotsMB' | 'resumesMB', number>;
}
interface Page {
  campaigns(servers: string, user: string, password: () => Promise<string>): CampaignStore;
}
interface Worker {
  answerActions(connection: NatsConnection, bucket: KV, lifecycle: Lifecycle, queue?: string): void;
}
let sums: Sums;
let page: Page;
let worker: Worker;

before(async () => {
  mkdirSync(folder, { recursive: true });
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
  const files = blocks.map((code, index) => {
    const file = join(folder, `block-${index}.ts`);
    const ours = code
      .replaceAll("'campaign-status-kit'", "'../../../../src/index.ts'")
      .replaceAll("'campaign-status-kit/adapters/nats'", "'../../../../src/adapters/nats.ts'")
      .replaceAll("'campaign-status-kit/lifecycle'", "'../../../../src/lifecycle/index.ts'");
    writeFileSync(file, ours);
    return file;
  });
  assert.equal(files.length, 3);
  [sums, page, worker] = (await Promise.all(files.map((file) => import(pathToFileURL(file).href)))) as [
    Sums,
    Page,
    Worker,
  ];
});
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * A bucket with one campaign that can be started, and two processes. They share a queue group, so only one of them
 * receives each request.
 */
async function twoWorkers(
  t: TestContext,
  queues: readonly string[] = ['one', 'other'],
): Promise<{ server: Awaited<ReturnType<typeof createBucket>>['server']; bucket: KV; writes(): Promise<number> }> {
  const { server, bucket } = await createBucket(t);
  const kv = await bucket();
  await kv.put('a', JSON.stringify({ status: 'inactive', name: 'A', missing: [] }));
  for (const queue of queues) {
    const connection = await server.connect('platform');
    worker.answerActions(connection, kv, flows, queue);
    await connection.flush();
  }
  return { server, bucket: kv, writes: async () => (await kv.status()).streamInfo.state.last_seq };
}

const press = (adapter: CountedAdapter['adapter'], action: string, idempotencyKey: string) =>
  adapter.act({
    ref: { system: 'flows', id: 'a' },
    action,
    expect: { status: 'inactive', revision: 1 },
    idempotencyKey,
    signal: new AbortController().signal,
  });

describe('the numbers in the docs', () => {
  it('equal what the documented function computes', () => {
    const number = (value: string) => Number(value.replace(/[^\d.]/g, ''));
    const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
    const rows = [...text.matchAll(/^\| (SSE|NATS) +\|((?:[^|\n]+\|){8})$/gm)];
    assert.equal(rows.length, 6);
    for (const [line, engine, cells] of rows) {
      const [pages, campaigns, changes, ...shown] = cells!.split('|').slice(0, 8).map(number);
      const cost = sums.cost(engine!, { pages: pages!, campaigns: campaigns!, changes: changes! });
      const { megabitsPerSecond, cores, memoryMiB, snapshotsMB, resumesMB } = cost;
      const expected = [
        round(megabitsPerSecond, 1),
        round(cores, 2),
        ...[memoryMiB, snapshotsMB, resumesMB].map((x) => round(x, 0)),
      ];
      assert.deepEqual(shown, expected, line);
    }
  });

  it('follow from the measured numbers', () => {
    for (const [engine, cells] of [...text.matchAll(/^\| (SSE|NATS) +\|((?:[^|\n]+\|){5})$/gm)].map(
      ([, ...rest]) => rest,
    )) {
      const [row, change, heartbeat, memory, time] = cells!.split('|').map((cell) => parseInt(cell));
      const line = `${engine}: { row: ${row}, change: ${change}, heartbeat: ${heartbeat}, memory: ${memory}, time: ${time} }`;
      assert.ok(text.includes(line), line);
    }
  });

  it('sizes are within a tenth of the documented ones', { timeout: 60_000 }, async () => {
    const entries = {
      '`adapters/http`': "export { httpAdapter } from '/src/adapters/http.ts'",
      '`adapters/nats`': "export { natsAdapter } from '/src/adapters/nats.ts'",
      '`adapters/nats` with `wsconnect`':
        "export { natsAdapter } from '/src/adapters/nats.ts'; export { wsconnect } from '@nats-io/nats-core'",
    };
    for (const [name, source] of Object.entries(entries)) {
      const tableRow = text.split('\n').find((line) => line.startsWith(`| ${name} `));
      const kilobytes = Number(/([\d.]+) kB/.exec(tableRow ?? '')?.[1]);
      const size = gzipSync(await bundle({ text: source }), { level: 9 }).length / 1000;
      assert.ok(
        Math.abs(size - kilobytes) < kilobytes / 10,
        `${name} is ${size.toFixed(1)} kB; the docs say: ${tableRow}`,
      );
    }
  });
});

describe('the code in the docs', () => {
  it('type-checks', { timeout: 120_000 }, async () => {
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ extends: '../../../../tsconfig.json', include: ['*.ts'], exclude: [] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', config]).catch(
      (error: { stdout: string }) => error,
    );
    assert.deepEqual(
      stdout.split('\n').filter((line) => line.includes('block-')),
      [],
    );
  });
});

describeNats('the platform in the docs', () => {
  it('with the documented page: watches, starts and stops a campaign', async (t) => {
    const { server, writes } = await twoWorkers(t, ['campaigns', 'campaigns']);
    const before = await writes();
    (globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket; // As in a browser.
    const store = page.campaigns(server.url, 'editor', async () => 'editor-secret');
    t.after(() => store.dispose());
    const ref = { system: 'flows', id: 'a' };
    store.list('flows').subscribe();
    const view = () => store.campaign(ref).value;
    await until(() => view().status === 'inactive', 'the campaign is shown');
    assert.deepEqual(await store.perform(ref, 'start'), { outcome: 'done' });
    assert.deepEqual([view().status, view().changedBy], ['active', 'editor']);
    assert.deepEqual(await store.perform(ref, 'stop'), { outcome: 'done' });
    assert.equal(await writes(), before + 2);
  });

  it('two processes that receive every request have one effect together, by compare and set', async (t) => {
    const { server, bucket, writes } = await twoWorkers(t);
    const { adapter } = new CountedAdapter(server);
    const before = await writes();
    const presses = Array.from({ length: 20 }, (_, n) => press(adapter, 'start', `key-${n}`));
    const outcomes = (await Promise.all(presses)).map(({ outcome }) => outcome);
    assert.equal(await writes(), before + 1);
    assert.equal((await bucket.get('a'))!.json<{ status: string }>().status, 'active');
    assert.equal(outcomes.filter((outcome) => outcome === 'done').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome === 'conflict').length, 19);
  });

  it('a repeated key is answered as before, without another effect, whatever came in between', async (t) => {
    const { server, writes } = await twoWorkers(t);
    const { adapter } = new CountedAdapter(server);
    assert.equal((await press(adapter, 'start', 'first')).outcome, 'done');
    assert.equal((await press(adapter, 'stop', 'second')).outcome, 'done');
    const before = await writes();
    const again = (await press(adapter, 'start', 'first')) as Extract<ActResult, { outcome: 'done' }>;
    assert.deepEqual([again.outcome, again.campaign.status], ['done', 'inactive']);
    assert.equal(await writes(), before);
  });

  it('an invalid request is refused', async (t) => {
    const { server, writes } = await twoWorkers(t);
    const connection = await server.connect('editor');
    const before = await writes();
    const reply = await connection.request('campaigns.editor.flows.a.start', '{"status":"active"}');
    assert.deepEqual(reply.json(), { outcome: 'refused', code: 'invalid' });
    assert.equal(await writes(), before);
  });
});
