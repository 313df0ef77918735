/** Shared by the tests of the conformance kit. */
import { backendControl, simulateBackend, simulatedAdapter, type SimulatedBackend } from '../../../mocks/index.ts';
import type { CampaignAdapter } from '../../../src/adapters/contract.ts';
import {
  runConformance,
  type ConformanceReport,
  type RunOptions,
  type Subject,
  type Timeouts,
} from '../../../src/conformance/index.ts';
import { flows, python, type Lifecycle } from '../../../src/lifecycle/index.ts';
import { jobs, printRuns, switches, tasks, workflows } from '../../support/lifecycles/index.ts';
import { onVirtualTime } from '../../support/virtual-time.ts';

/** Long enough for a busy machine, short where the kit always waits the whole time. */
export const timeouts: Partial<Timeouts> = { answerMs: 3000, quietMs: 10, stopMs: 2000 };

/** Every lifecycle of the kit and of the tests. */
const lifecycles: readonly Lifecycle[] = [flows, python, jobs, printRuns, switches, tasks, workflows];

/** A new simulated backend, with its adapter as a subject. */
export function simulatedSubject(
  system: string,
  alter: (adapter: CampaignAdapter<unknown>, backend: SimulatedBackend) => CampaignAdapter<unknown> = (adapter) =>
    adapter,
): {
  readonly subject: Subject & Required<Pick<Subject, 'control'>>;
  readonly backend: SimulatedBackend;
  close(): void;
} {
  const backend = simulateBackend({
    lifecycles,
    sampleData: 'empty',
    tickMs: 0,
    heartbeatMs: 60,
    processingMs: 20,
    pageSize: 50,
  });
  const other = system === 'flows' ? 'python' : 'flows';
  return {
    backend,
    subject: {
      system,
      lifecycle: backend.lifecycles.get(system)!,
      createAdapter: () => alter(simulatedAdapter(backend), backend),
      control: backendControl(backend, system),
      other: { system: other, control: backendControl(backend, other) },
      timeouts,
      many: 120,
    },
    close: () => backend.dispose(),
  };
}

/** Runs the rules without waiting: for adapters without a network, whose every wait is a timer. */
export function runOnVirtualTime(subject: Subject, options?: RunOptions): Promise<ConformanceReport> {
  return onVirtualTime(() => runConformance(subject, options));
}

/** The rules that a run skipped, each with the reason. */
export function skippedIn({ results }: ConformanceReport): readonly string[] {
  return results.filter(({ status }) => status === 'skipped').map(({ id, reason }) => `${id}: ${reason}`);
}

/** The rules that do not apply to a lifecycle, each with the reason, in the order of a run. */
export function notFor({ log, statuses, actions }: Lifecycle): readonly string[] {
  const reasons = {
    'the lifecycle has no log': log ? [] : ['log-schema', 'log-starts-over'],
    'no action of the lifecycle needs a prerequisite': Object.values(statuses).some(({ needs }) => needs.length)
      ? []
      : ['act-missing'],
    'no action of the lifecycle asks for a text (`input`)': Object.values(actions).some(({ input }) => input)
      ? []
      : ['act-input', 'act-input-invalid'],
  };
  return Object.entries(reasons).flatMap(([reason, ids]) => ids.map((id) => `${id}: ${reason}`));
}
