/** Conforming adapters pass: the simulated backend without a network, and the HTTP adapter over a real port. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { backendControl, remoteBackendControl, type SimulatedBackend } from '../../../mocks/index.ts';
import { startServer } from '../../../mocks/server/start-server.ts';
import { httpAdapter } from '../../../src/adapters/index.ts';
import {
  formatReport,
  runConformance,
  type BackendControl,
  type ConformanceReport,
  type Subject,
} from '../../../src/conformance/index.ts';
import { nullAdapter } from '../../support/null-fields.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../../support/lifecycles/index.ts';
import { rows, tamperFeed, type Adapter } from './sabotaged/tamper.ts';
import { notFor, runOnVirtualTime, simulatedSubject, skippedIn } from './support.ts';

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

describe('lifecycles of other engines', () => {
  for (const { system } of [jobs, printRuns, switches, tasks, workflows])
    test(`${system}: the simulated adapter passes every rule`, async () => {
      const { subject, backend, close } = simulatedSubject(system);
      expectRight(await runOnVirtualTime(subject), backend);
      close();
    });

  test('an engine that goes on at once passes, although its feed never shows where the action landed', async () => {
    const { subject, backend, close } = simulatedSubject('print-runs', skipsPrinting);
    const report = await runOnVirtualTime(subject);
    assert.ok(report.ok, formatReport(report));
    assert.equal(report.results.find(({ id }) => id === 'act-lands')!.status, 'passed');
    assert.equal(backend.openFeeds(), 0);
    close();
  });

  test('an engine that moves campaigns before an action is sent breaks no rule; the rules that would act there say so', async () => {
    const { subject, backend, close } = simulatedSubject('print-runs');
    const { control } = subject;
    const seed: BackendControl['seed'] = async (campaigns) => {
      await control.seed(campaigns);
      for (const { id, status } of campaigns)
        if (status === '10') backend.campaigns.move({ system: 'print-runs', id }, '1');
    };
    const report = await runOnVirtualTime({ ...subject, control: { ...control, seed } });
    assert.ok(report.ok, formatReport(report));
    const moved =
      'the engine moved a campaign from “10” to “1” before the action was sent; stop the engine of the test backend';
    assert.deepEqual(
      report.results.filter(({ reason }) => reason === moved).map(({ id }) => id),
      ['act-legal', 'act-lands', 'act-illegal', 'act-illegal-answered'],
    );
    close();
  });
});

/** Print runs that are printed as soon as they begin: the feed leaves out that they were printing. */
function skipsPrinting(adapter: Adapter, backend: SimulatedBackend): Adapter {
  const started = new Set<string>();
  return {
    ...tamperFeed(adapter, () => (change, { live }) => [
      live && change.type === 'upsert'
        ? { ...change, items: rows(change).filter(({ id, status }) => status !== '10' || !started.has(id)) }
        : change,
    ]),
    act: async (request) => {
      started.add(request.ref.id);
      const result = await adapter.act(request);
      if (backend.campaigns.get(request.ref)?.record.status === '10') backend.campaigns.move(request.ref, '1');
      return result.outcome === 'done' ? { outcome: 'accepted' } : result;
    },
  };
}

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
  assert.deepEqual(skippedIn(report), notFor(backend.lifecycles.get(report.system)!));
  assert.equal(backend.openFeeds(), 0);
  for (const system of backend.lifecycles.keys()) assert.deepEqual(backend.campaigns.list(system), []);
}
