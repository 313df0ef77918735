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
import { onVirtualTime } from '../support/virtual-time.ts';

/** Long enough for a busy machine, short where the kit always waits the whole time. */
export const timeouts: Partial<Timeouts> = { answerMs: 3000, quietMs: 10, stopMs: 2000 };

/** A new simulated backend, with its adapter as a subject. */
export function simulatedSubject(
  system: string,
  alter: (adapter: CampaignAdapter<unknown>) => CampaignAdapter<unknown> = (adapter) => adapter,
): {
  readonly subject: Subject & Required<Pick<Subject, 'control'>>;
  readonly backend: SimulatedBackend;
  close(): void;
} {
  const backend = simulateBackend({ sampleData: 'empty', tickMs: 0, heartbeatMs: 60, processingMs: 20, pageSize: 50 });
  const other = system === 'flows' ? 'python' : 'flows';
  return {
    backend,
    subject: {
      system,
      createAdapter: () => alter(simulatedAdapter(backend)),
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
