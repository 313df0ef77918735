import { Backend } from './backend.ts';
import type { SimulatedBackend, SimulateOptions } from './types.ts';

/**
 * Creates a campaign platform in memory. It is deterministic, follows the given lifecycles, and can simulate faults of backend and network.
 *
 * @param options seed, clock, sample data, delays (ms); all have defaults.
 * @throws RangeError for a delay or size that is no number >= 0
 * @example
 * ```ts
 * const backend = simulateBackend({ seed: 7 });
 * backend.dependencies.set({ kind: 'channel', id: 'email' }, 'stopped', 'the certificate has expired');
 * const store = createCampaignStore({ adapter: simulatedAdapter(backend) });
 * ```
 */
export function simulateBackend(options: SimulateOptions = {}): SimulatedBackend {
  return new Backend(options);
}
