import type { CampaignAdapter } from '../src/adapters/contract.ts';
import type { SimulatedBackend } from './types.ts';

/** An adapter with every optional member, except `reauthenticate`. */
export type SimulatedAdapter = Required<Omit<CampaignAdapter, 'reauthenticate'>>;

/**
 * Connects a store directly to a simulated backend, for unit tests. Obeys every `signal`. The members can be spread and
 * overridden: `{ ...simulatedAdapter(backend), idempotent: false }`.
 */
export function simulatedAdapter(backend: SimulatedBackend): SimulatedAdapter {
  return {
    idempotent: true,
    watch: (request) => backend.watch(request),
    act: (request) => backend.act(request),
    actMany: (requests) => backend.actMany(requests),
    get: (ref, signal) => backend.get(ref, signal),
    history: (ref, page, signal) => backend.history(ref, page, signal),
    diagnose: (ref, signal) => backend.diagnose(ref, signal),
    log: (ref, signal) => backend.log(ref, signal),
  };
}
