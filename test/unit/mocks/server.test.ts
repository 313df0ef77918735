import assert from 'node:assert/strict';
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { CampaignRecord } from '../../../src/adapters/contract.ts';
import {
  startServer as startUntracked,
  type RunningServer,
  type ServerOptions,
} from '../../../mocks/server/start-server.ts';
import { until } from '../../support/until.ts';

const COMMAND = new URL('../../../bin/campaign-status-kit.ts', import.meta.url).pathname;
const folders: string[] = [];
const children: ChildProcess[] = [];
const servers: RunningServer[] = [];
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  // Also after a failure: a running server keeps this process alive.
  await Promise.all(servers.map((server) => server.close()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'simulated-'));
  folders.push(made);
  return made;
}

async function startServer(options?: ServerOptions): Promise<RunningServer> {
  const server = await startUntracked(options);
  servers.push(server);
  return server;
}

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
  readonly closed: Promise<number | null>;
}

function run(args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', COMMAND, 'backend', ...args], { stdio: 'pipe' });
  children.push(child);
  return child;
}

/** Starts a server in another process. @returns the process, once it has printed its first output */
async function launch(...args: string[]): Promise<Child & { output: () => string }> {
  const process_ = run(args);
  let output = '';
  process_.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  process_.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const closed = new Promise<number | null>((resolve) => process_.once('close', resolve));
  let over = false;
  void closed.then(() => (over = true));
  await until(() => over || output.includes('\n'));
  return { process: process_, url: output.split('\n')[0]!, closed, output: () => output };
}

interface StageState {
  epoch: string;
  systems: { system: string; cursor: string; campaigns: CampaignRecord[] }[];
}
const look = async (url: string): Promise<StageState> => (await (await fetch(`${url}/_sim`)).json()) as StageState;
const order = (url: string, name: string, ...args: unknown[]): Promise<Response> =>
  fetch(`${url}/_sim`, { method: 'POST', body: JSON.stringify({ do: name, with: args }) });
const start = (url: string, id: string, key: string): Promise<Response> =>
  fetch(`${url}/flows/campaigns/${id}/actions/start`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    body: JSON.stringify({ expect: { status: 'inactive', revision: 1 } }),
  });

/** The one file that a closed data folder holds. */
const JOURNAL = 'journal.log';

/** A test that waits for a process in vain fails instead of hanging. */
const limit = { timeout: 300_000 };

describe('a server with a folder', limit, () => {
  it('restarts after kill -9 with the same epoch, cursor and results', async () => {
    const data = folder();
    const first = await launch('--data', data, '--seed', '5');
    const feed = await fetch(`${first.url}/flows/watch`);
    const reader = feed.body!.pipeThrough(new TextDecoderStream()).getReader();
    let received = '';
    const done = await start(first.url, 'welcome-series', 'only-once');
    assert.equal(done.status, 200);
    const answer: unknown = await done.json();
    await order(first.url, 'dependencies.set', { kind: 'channel', id: 'email' }, 'stopped');
    // A change must be saved by the time it is sent.
    await order(first.url, 'campaigns.add', { system: 'flows', id: 'the-last' });
    while (!received.includes('"the-last"')) {
      const { done, value } = await reader.read();
      assert.ok(!done, `the feed ended after ${received}`);
      received += value;
    }
    first.process.kill('SIGKILL');
    await first.closed;
    const lastId = [...received.matchAll(/^id: (.*)$/gm)].at(-1)![1]!;

    const second = await launch('--data', data);
    const state = await look(second.url);
    const flows = state.systems.find(({ system }) => system === 'flows')!;
    assert.equal(lastId, `${state.epoch}:${flows.cursor}`);
    assert.ok(flows.campaigns.some(({ id }) => id === 'the-last'));
    const replayed = await start(second.url, 'welcome-series', 'only-once');
    assert.deepEqual([replayed.status, await replayed.json()], [200, answer]);
    const resumed = await fetch(`${second.url}/flows/watch`, { headers: { 'last-event-id': lastId } });
    assert.equal(resumed.status, 200);
    await resumed.body!.cancel();
    second.process.kill('SIGTERM');
    assert.equal(await second.closed, 0, 'a clean end on request');
    assert.deepEqual(readdirSync(data), [JOURNAL]);
  });

  it('starts a new epoch when an older state is restored', async () => {
    const data = folder();
    const copy = folder();
    const options = { data, backend: { tickMs: 0 } };
    const first = await startServer(options);
    first.backend.campaigns.add({ system: 'flows', id: 'before' });
    cpSync(data, copy, { recursive: true, filter: (path) => !/lock\.\d+$/.test(path) });
    first.backend.campaigns.add({ system: 'flows', id: 'after' });
    const epochs = [first.backend.epoch];
    await first.close();
    for (let n = 0; n < 2; n++) {
      const restored = await startServer({ ...options, restore: copy });
      epochs.push(restored.backend.epoch);
      assert.ok(restored.backend.campaigns.get({ system: 'flows', id: 'before' }));
      assert.equal(restored.backend.campaigns.get({ system: 'flows', id: 'after' }), undefined);
      await restored.close();
    }
    assert.equal(new Set(epochs).size, 3, epochs.join());
    const next = await startServer(options);
    assert.equal(next.backend.epoch, epochs.at(-1), 'and stays in it');
    assert.ok(next.backend.campaigns.get({ system: 'flows', id: 'before' }));
    await next.close();
    const fromFile = await startServer({ restore: join(data, JOURNAL), backend: { tickMs: 0 } });
    assert.ok(fromFile.backend.campaigns.get({ system: 'flows', id: 'before' }));
    await fromFile.close();
  });

  it('ignores a torn last line, and rejects any other damage', async () => {
    const data = folder();
    const options = { data, backend: { tickMs: 0 } };
    const ids = ['one', 'two'];
    const first = await startServer(options);
    for (const id of ids) first.backend.campaigns.add({ system: 'flows', id });
    await first.close();
    const journal = join(data, JOURNAL);
    const whole = readFileSync(journal);
    truncateSync(journal, whole.length - 7);
    const second = await startServer(options);
    const has = (id: string): boolean => second.backend.campaigns.get({ system: 'flows', id }) !== undefined;
    assert.deepEqual(ids.map(has), [true, false]);
    second.backend.campaigns.add({ system: 'flows', id: 'three' });
    await second.close();
    const third = await startServer(options);
    assert.ok(third.backend.campaigns.get({ system: 'flows', id: 'three' }), 'what came after the torn line is whole');
    third.backend.campaigns.add({ system: 'flows', id: 'four' });
    third.backend.campaigns.add({ system: 'flows', id: 'five' });
    await third.close();
    // Still JSON, but not what was written.
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"id":"one"', '"id":"two"'));
    await assert.rejects(startServer(options), /line 2 is damaged/);
    assert.deepEqual(readdirSync(data), [JOURNAL], 'a failed start leaves no lock');
  });

  it('keeps its journal short', async () => {
    const data = folder();
    const { backend, close } = await startServer({ data, backend: { tickMs: 0, keepChanges: 5 } });
    const ref = backend.campaigns.add({ system: 'flows' });
    const message = 'x'.repeat(100_000);
    for (let n = 0; n < 60; n++) backend.campaigns.force(ref, { message });
    const bytes = readFileSync(join(data, JOURNAL)).length;
    assert.ok(bytes < 6_000_000, String(bytes));
    await close();
  });

  it('has another epoch when it starts without data', async () => {
    const epochs = new Set<string>();
    for (let n = 0; n < 3; n++) {
      const { backend, close } = await startServer({ backend: { seed: 1, tickMs: 0 } });
      epochs.add(backend.epoch);
      await close();
    }
    assert.equal(epochs.size, 3);
  });

  it('keeps its data, and forgets network faults, on a restart', async () => {
    const data = folder();
    const first = await startServer({ data, backend: { tickMs: 0 } });
    first.backend.faults.latency(50);
    first.backend.faults.cutFeed();
    first.backend.faults.readOnly(true, 'Ask for access.');
    await first.close();
    const second = await startServer({ data, backend: { tickMs: 0 } });
    const { latencyMs, cut, readOnly } = second.backend.faults.state;
    assert.deepEqual({ latencyMs, cut, readOnly }, { latencyMs: 0, cut: [], readOnly: 'Ask for access.' });
    await second.close();
  });

  it('locks it until it closes, also within a process', async () => {
    const data = folder();
    const options = { data, backend: { tickMs: 0 } };
    const first = await startServer(options);
    await assert.rejects(startServer({ ...options, data: join(data, '.') }), /in use by this very process/);
    await first.close();
    // Nor does a start that fails keep it.
    await assert.rejects(startServer({ data, backend: { tickMs: -1 } }), RangeError);
    const second = await startServer(options);
    await second.close();
  });

  it('cannot be shared with another process', async () => {
    const data = folder();
    const first = await launch('--data', data, '--sample-data', 'empty');
    await assert.rejects(startServer({ data }), /in use by process/);
    first.process.kill('SIGINT');
    assert.equal(await first.closed, 0);
  });
});

describe('the command', limit, () => {
  it('ends with code 0 on a signal that comes as soon as its address is printed', async () => {
    const ends = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = run(['--data', folder()]);
        child.stdout.once('data', () => child.kill('SIGTERM'));
        return (await once(child, 'close')) as unknown[];
      }),
    );
    assert.deepEqual(ends, Array(4).fill([0, null]));
  });

  it('reports invalid arguments', async () => {
    const deep = join(folder(), 'of', 'folders');
    const taken = await startServer({ backend: { tickMs: 0 } });
    const [help, unknown, port, inUse, unbuilt, missing, made, unmade] = await Promise.all([
      launch('--help'),
      launch('--prot', '1'),
      launch('--port', 'eighty'),
      launch('--port', new URL(taken.url).port),
      launch('--static', join(deep, 'unbuilt')),
      launch('--restore', '/no/such/file'),
      launch('--data', deep),
      launch('--data', join('/proc', 'no', 'such', 'folder')),
    ]);
    made.process.kill('SIGTERM');
    const ends = [help, unknown, port, inUse, unbuilt, missing, made, unmade].map(({ closed }) => closed);
    assert.deepEqual(await Promise.all(ends), [0, 2, 2, 1, 2, 1, 0, 1]);
    assert.match(help.output(), /--data DIR/);
    assert.match(unknown.output(), /--prot/);
    assert.match(port.output(), /0 to 65535/);
    assert.match(inUse.output(), /already in use .*take another --port/);
    assert.match(unbuilt.output(), /there is no folder ".*unbuilt"/);
    assert.match(missing.output(), /does not exist/);
    assert.ok(readdirSync(deep).length > 0);
    assert.match(unmade.output(), /^"\/proc\/no\/such\/folder" can't be used \(E/);
  });
});
