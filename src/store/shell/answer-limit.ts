import { AdapterError } from '../../adapters/contract.ts';
import type { Environment } from '../types.ts';

/** An answer is not waited for longer than this (ms). */
const LONGEST_ANSWER_MS = 30_000;

/** Calls `failed` when an answer has not come in time; not once `signal` aborts. */
export function limitAnswer(
  env: Pick<Environment, 'setTimeout' | 'clearTimeout'>,
  what: string,
  signal: AbortSignal,
  failed: (error: Error) => void,
): void {
  const late = new AdapterError('unavailable', `no ${what} within ${LONGEST_ANSWER_MS} ms`);
  const timer = env.setTimeout(() => failed(late), LONGEST_ANSWER_MS);
  signal.addEventListener('abort', () => env.clearTimeout(timer), { once: true });
}
