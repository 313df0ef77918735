/** The controls of the simulated backend, in the same process and over HTTP. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, remoteBackendControl, SimulationError, type SimulatedControl } from '../../../mocks/index.ts';
import { startServer } from '../../../mocks/server/start-server.ts';

const server = await startServer({ backend: { sampleData: 'empty', tickMs: 0 } });
const { backend } = server;
after(() => server.close());

const controls: Readonly<Record<string, (system: string) => SimulatedControl>> = {
  'in the same process': (system) => backendControl(backend, system),
  'over HTTP': (system) => remoteBackendControl(`${server.url}/`, system),
};

for (const [where, open] of Object.entries(controls))
  describe(`the backend control ${where}`, () => {
    const control = open('python');
    const row = (id: string) => backend.campaigns.get({ system: 'python', id })?.record;

    test('seed makes campaigns with the given values', async () => {
      await control.seed([
        { id: 'a', name: 'A', status: 'configured', missing: [] },
        { id: 'b', name: 'B', status: 'created', missing: ['contacts'] },
        { id: 'c', name: 'C', status: 'error', message: 'Broken.\nTwice.', missing: [] },
      ]);
      assert.deepEqual([row('a')!.status, row('a')!.missing], ['configured', []]);
      assert.deepEqual([row('b')!.status, row('b')!.missing], ['created', ['contacts']]);
      assert.deepEqual([row('c')!.status, row('c')!.message], ['error', 'Broken.\nTwice.']);
    });

    test('change sets the given fields, and a new status removes the old message', async () => {
      await control.change('a', { name: 'Renamed' });
      assert.equal(row('a')!.name, 'Renamed');
      await control.change('a', { missing: ['strategy'] });
      assert.deepEqual([row('a')!.status, row('a')!.missing], ['created', ['strategy']]);
      await control.change('c', { status: 'running' });
      assert.deepEqual([row('c')!.status, row('c')!.message], ['running', undefined]);
      await control.change('c', { status: 'error', message: 'Again.' });
      assert.equal(row('c')!.message, 'Again.');
      await control.change('c', {});
    });

    test('remove removes one campaign, and clear all of them', async () => {
      await control.remove('a');
      assert.equal(row('a'), undefined);
      await control.clear();
      assert.deepEqual(backend.campaigns.list('python'), []);
    });

    test('openFeeds counts the open feeds, and cut ends them', async () => {
      const stop = new AbortController();
      const feed = backend.watch({ system: 'python', signal: stop.signal })[Symbol.asyncIterator]();
      await feed.next();
      assert.equal(await control.openFeeds(), 1);
      await control.cut();
      await assert.rejects(async () => {
        while (!(await feed.next()).done);
      }, /connection broke/);
      assert.equal(await control.openFeeds(), 0);
      assert.deepEqual(backend.faults.state.cut, []);
    });

    test('newEpoch, expireCursors, loseNextAnswer and answerWith set the faults of the backend', async () => {
      const { epoch } = backend;
      await control.newEpoch();
      assert.notEqual(backend.epoch, epoch);
      await control.expireCursors();
      await control.loseNextAnswer();
      assert.equal(backend.faults.state.loseNextAnswer, 1);
      await control.answerWith('throttled', 2000);
      await assert.rejects(backend.get({ system: 'python', id: 'a' }), { code: 'throttled', retryAfterMs: 2000 });
      await control.answerWith('forbidden');
      await assert.rejects(backend.get({ system: 'python', id: 'a' }), { code: 'forbidden' });
      await control.answerWith(undefined);
      assert.equal(await backend.get({ system: 'python', id: 'a' }), undefined);
      backend.faults.clear();
    });

    test('an unknown system or campaign is a SimulationError', async () => {
      assert.throws(() => open('mails'), SimulationError);
      await assert.rejects(control.remove('nobody'), (error: Error) => {
        assert.ok(error instanceof SimulationError);
        assert.match(error.message, /There is no campaign "nobody"/);
        return true;
      });
    });
  });
