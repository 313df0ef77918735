/** The back doors to the simulated backend, in the same process and over HTTP. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, remoteBackendControl, SimulationError, type SimulatedControl } from '../../../mocks/index.ts';
import { startServer } from '../../../mocks/server/start-server.ts';

const server = await startServer({ backend: { scene: 'empty', tickMs: 0 } });
const { backend } = server;
after(() => server.close());

const doors: Readonly<Record<string, (system: string) => SimulatedControl>> = {
  'in the same process': (system) => backendControl(backend, system),
  'over HTTP': (system) => remoteBackendControl(`${server.url}/`, system),
};

for (const [where, open] of Object.entries(doors))
  describe(`a back door ${where}`, () => {
    const door = open('python');
    const row = (id: string) => backend.campaigns.get({ system: 'python', id })?.record;

    test('seeds campaigns as they are wished', async () => {
      await door.seed([
        { id: 'a', name: 'A', status: 'configured', missing: [] },
        { id: 'b', name: 'B', status: 'created', missing: ['contacts'] },
        { id: 'c', name: 'C', status: 'error', message: 'Broken.\nTwice.', missing: [] },
      ]);
      assert.deepEqual([row('a')!.status, row('a')!.missing], ['configured', []]);
      assert.deepEqual([row('b')!.status, row('b')!.missing], ['created', ['contacts']]);
      assert.deepEqual([row('c')!.status, row('c')!.message], ['error', 'Broken.\nTwice.']);
    });

    test('changes what it is told to, and takes an old message away with its status', async () => {
      await door.change('a', { name: 'Renamed' });
      assert.equal(row('a')!.name, 'Renamed');
      await door.change('a', { missing: ['strategy'] });
      assert.deepEqual([row('a')!.status, row('a')!.missing], ['created', ['strategy']]);
      await door.change('c', { status: 'running' });
      assert.deepEqual([row('c')!.status, row('c')!.message], ['running', undefined]);
      await door.change('c', { status: 'error', message: 'Again.' });
      assert.equal(row('c')!.message, 'Again.');
      await door.change('c', {});
    });

    test('removes one, or all', async () => {
      await door.remove('a');
      assert.equal(row('a'), undefined);
      await door.clear();
      assert.deepEqual(backend.campaigns.list('python'), []);
    });

    test('says how many feeds are open, and ends them', async () => {
      const stop = new AbortController();
      const feed = backend.watch({ system: 'python', signal: stop.signal })[Symbol.asyncIterator]();
      await feed.next();
      assert.equal(await door.openFeeds(), 1);
      await door.cut();
      await assert.rejects(async () => {
        while (!(await feed.next()).done);
      }, /connection broke/);
      assert.equal(await door.openFeeds(), 0);
      assert.deepEqual(backend.faults.state.cut, []);
    });

    test('renumbers, forgets, loses and refuses', async () => {
      const { epoch } = backend;
      await door.newEpoch();
      assert.notEqual(backend.epoch, epoch);
      await door.expireCursors();
      await door.loseNextAnswer();
      assert.equal(backend.faults.state.loseNextAnswer, 1);
      await door.answerWith('throttled', 2000);
      await assert.rejects(backend.get({ system: 'python', id: 'a' }), { code: 'throttled', retryAfterMs: 2000 });
      await door.answerWith('forbidden');
      await assert.rejects(backend.get({ system: 'python', id: 'a' }), { code: 'forbidden' });
      await door.answerWith(undefined);
      assert.equal(await backend.get({ system: 'python', id: 'a' }), undefined);
      backend.faults.clear();
    });

    test('says what it can’t do', async () => {
      assert.throws(() => open('mails'), SimulationError);
      await assert.rejects(door.remove('nobody'), (error: Error) => {
        assert.ok(error instanceof SimulationError);
        assert.match(error.message, /There is no campaign "nobody"/);
        return true;
      });
    });
  });
