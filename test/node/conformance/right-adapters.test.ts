/** Conforming adapters pass: the simulated backend without a network, and the HTTP adapter over a real port. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, remoteBackendControl, type SimulatedBackend } from '../../../mocks/index.ts';
import { startServer } from '../../../mocks/server/start-server.ts';
import { httpAdapter } from '../../../src/adapters/index.ts';
import { formatReport, runConformance, type ConformanceReport, type Subject } from '../../../src/conformance/index.ts';
import { nullAdapter } from '../support/null-fields.ts';
import { runOnVirtualTime, simulatedSubject } from './support.ts';

/** No rule waits in vain here, so the timeouts for a slow machine keep their defaults. */
const timeouts = { quietMs: 10 };

describe('the simulated adapter', () => {
  for (const system of ['flows', 'python'])
    test(`${system}: passes every rule and leaves nothing behind`, async () => {
      const { subject, backend, close } = simulatedSubject(system);
      expectRight(await runOnVirtualTime(subject), backend);
      close();
    });
});

describe('an adapter that gives null in every optional field it lacks', () => {
  for (const system of ['flows', 'python'])
    test(`${system}: every rule holds`, async () => {
      const { subject, backend, close } = simulatedSubject(system, nullAdapter);
      expectRight(await runOnVirtualTime(subject), backend);
      close();
    });
});

describe('the HTTP adapter, over a real port', async () => {
  const server = await startServer({
    backend: { sampleData: 'empty', tickMs: 0, heartbeatMs: 100, processingMs: 20, pageSize: 100 },
  });
  after(() => server.close());

  for (const system of ['flows', 'python'])
    test(`${system}: passes every rule and leaves nothing behind`, async () => {
      const other = system === 'flows' ? 'python' : 'flows';
      const subject: Subject = {
        system,
        createAdapter: () => httpAdapter({ src: server.url }),
        control: remoteBackendControl(server.url, system),
        other: { system: other, control: backendControl(server.backend, other) },
        timeouts,
      };
      expectRight(await runConformance(subject), server.backend);
    });

  test('passes a read-only run while campaigns change', async (t) => {
    const live = await startServer({ backend: { tickMs: 20, heartbeatMs: 100 } });
    t.after(() => live.close());
    const before = JSON.stringify(live.backend.campaigns.list('python').map(({ id }) => id));
    const report = await runConformance({
      system: 'python',
      createAdapter: () => httpAdapter({ src: live.url }),
      timeouts,
    });
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.readOnly, true);
    assert.ok(report.counts.passed >= 20, formatReport(report));
    assert.equal(JSON.stringify(live.backend.campaigns.list('python').map(({ id }) => id)), before);
  });
});

function expectRight(report: ConformanceReport, backend: SimulatedBackend): void {
  const { counts, results } = report;
  assert.ok(report.ok, formatReport(report));
  assert.equal(counts.passed + counts.skipped, results.length, formatReport(report));
  const skipped = results.filter(({ status }) => status === 'skipped').map(({ id, reason }) => `${id}: ${reason}`);
  const noLog = ['log-schema', 'log-starts-over'].map((id) => `${id}: the lifecycle has no log`);
  assert.deepEqual(skipped, report.system === 'flows' ? noLog : []);
  assert.equal(backend.openFeeds(), 0);
  for (const system of backend.lifecycles.keys()) assert.deepEqual(backend.campaigns.list(system), []);
}
