import { ADAPTER_ERROR_CODES, type AdapterErrorCode } from '../../adapters/contract.ts';

/** What an adapter threw, as far as the store must know. */
export interface Failure {
  readonly code: AdapterErrorCode;
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** No Retry-After is taken to mean longer than this (ms). */
const LONGEST_WAIT_MS = 3_600_000;

/** Reads an error by name and code, not by class: it may come from another copy of the kit. */
export function describeFailure(error: unknown): Failure {
  const { name, code, message, retryAfterMs } = (error ?? {}) as Record<string, unknown>;
  const known = name === 'AdapterError' && ADAPTER_ERROR_CODES.find((one) => one === code);
  return {
    code: known || 'unavailable',
    message: typeof message === 'string' && message ? message.slice(0, 500) : 'the feed ended',
    retryAfterMs:
      typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? Math.min(retryAfterMs, LONGEST_WAIT_MS) : undefined,
  };
}
