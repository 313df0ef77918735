import { requestHandler, type RequestHandlerOptions } from './request-handler.ts';
import type { SimulatedBackend } from './types.ts';

/** The part of MSW’s `http` that {@link handlers} uses. It is the same in MSW 2 and 3. */
export interface MswHttp<Handler> {
  all(path: string, resolver: (info: { request: Request }) => Promise<Response | undefined>): Handler;
}

/** Options of {@link handlers}. */
export interface HandlersOptions<Handler> extends RequestHandlerOptions {
  /** The `http` of your MSW, version 2 or later. */
  readonly http: MswHttp<Handler>;
}

/**
 * MSW request handlers that put a simulated backend behind the kit’s HTTP contract, as {@link requestHandler} does. They
 * serve a service worker and `msw/node` alike.
 *
 * @example
 * ```ts
 * import { http } from 'msw';
 * const worker = setupWorker(...handlers(simulateBackend(), { baseUrl: '/api/campaigns', http }));
 * ```
 */
export function handlers<Handler>(
  backend: SimulatedBackend,
  { http, ...options }: HandlersOptions<Handler>,
): Handler[] {
  const respond = requestHandler(backend, options);
  return [http.all(`${options.baseUrl.replace(/\/+$/, '')}/*`, ({ request }) => respond(request))];
}
