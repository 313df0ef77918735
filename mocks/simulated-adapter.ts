import type { CampaignAdapter } from '../src/adapters/contract.ts';
import type { SimulatedBackend } from './types.ts';

/** A simulated backend as an adapter sees it: everything there is, nothing optional. */
export type SimulatedAdapter = Required<Omit<CampaignAdapter, 'reauthenticate'>>;

/**
 * Connects a store to a simulated backend without any network in between, for unit tests. Obeys every `signal`. The members may
 * be taken apart and put together anew: `{ ...simulatedAdapter(backend), idempotent: false }`.
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
