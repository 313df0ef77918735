import type { ActRequest, ActResult, CampaignAdapter, CampaignRef, WatchRequest } from './contract.ts';
import { AdapterError } from './contract.ts';
import { settleAll } from './settle-all.ts';

/**
 * Combines several adapters into one: two systems often have two backends.
 *
 * @param adapters an adapter for each system
 * @throws TypeError for a value that is no adapter; from `watch` and `act`: AdapterError `misconfigured` for a system without adapter
 * @example
 * ```ts
 * const adapter = routeAdapter({ flows: httpAdapter({ src: '/flows-api' }), python: legacy });
 * ```
 */
export function routeAdapter(adapters: Readonly<Record<string, CampaignAdapter<unknown>>>): CampaignAdapter<unknown> {
  const table = new Map(Object.entries(adapters ?? {}));
  for (const [system, adapter] of table)
    for (const method of ['watch', 'act'] as const)
      if (typeof adapter?.[method] !== 'function')
        throw new TypeError(
          `routeAdapter: "${system}" must be an adapter, such as httpAdapter({ src }); it has no ${method}()`,
        );
  const of = (system: string): CampaignAdapter<unknown> => {
    const adapter = table.get(system);
    if (adapter) return adapter;
    const known = [...table.keys()].join(', ');
    throw new AdapterError('misconfigured', `routeAdapter has no adapter for "${system}"; it has: ${known}`);
  };
  // An adapter that serves two systems signs in once.
  const all = [...new Set(table.values())];
  return {
    // Idempotent only if every backend is.
    idempotent: all.every((adapter) => adapter.idempotent),
    watch: (request: WatchRequest) => of(request.system).watch(request),
    act: async (request: ActRequest) => of(request.ref.system).act(request),
    ...(all.every((adapter) => adapter.get)
      ? { get: async (ref: CampaignRef, signal: AbortSignal) => of(ref.system).get!(ref, signal) }
      : {}),
    ...(all.some((adapter) => adapter.diagnose)
      ? {
          diagnose: (ref: CampaignRef, signal: AbortSignal) =>
            of(ref.system).diagnose?.(ref, signal) ?? Promise.resolve([]),
        }
      : {}),
    ...(all.some((adapter) => adapter.log)
      ? {
          log: (ref: CampaignRef, signal: AbortSignal) => {
            const adapter = of(ref.system);
            if (!adapter.log) throw new AdapterError('misconfigured', `"${ref.system}" keeps no engine log`);
            return adapter.log(ref, signal);
          },
        }
      : {}),
    ...(all.some((adapter) => adapter.history)
      ? {
          history: async (
            ref: CampaignRef,
            page: { readonly before?: string; readonly limit: number },
            signal: AbortSignal,
          ) => {
            const adapter = of(ref.system);
            if (!adapter.history) throw new AdapterError('misconfigured', `"${ref.system}" keeps no history`);
            return adapter.history(ref, page, signal);
          },
        }
      : {}),
    ...(all.every((adapter) => adapter.actMany)
      ? { actMany: async (requests: readonly ActRequest[]) => actBySystem(requests, of) }
      : {}),
    ...(all.some((adapter) => adapter.reauthenticate)
      ? {
          reauthenticate: async (signal: AbortSignal) => {
            await Promise.all(all.map(async (adapter) => adapter.reauthenticate?.(signal)));
          },
        }
      : {}),
  };
}

/** Calls each adapter once with its requests; the results come in the order of all requests. */
async function actBySystem(
  requests: readonly ActRequest[],
  of: (system: string) => CampaignAdapter<unknown>,
): Promise<readonly ActResult<unknown>[]> {
  const places = new Map<CampaignAdapter<unknown>, number[]>();
  requests.forEach(({ ref }, place) => {
    const adapter = of(ref.system);
    places.set(adapter, [...(places.get(adapter) ?? []), place]);
  });
  const results: ActResult<unknown>[] = [];
  await settleAll(
    [...places].map(([adapter, own]) => async () => {
      const groupResults = await adapter.actMany!(own.map((place) => requests[place]!));
      own.forEach((place, index) => (results[place] = groupResults[index]!));
    }),
  );
  return results;
}
