import { AdapterError, type AdapterErrorCode } from '../src/adapters/contract.ts';

/** Invalid arguments of a control, such as an unknown campaign, channel or status. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
}

/** An HTTP answer without a result. Status 0: no answer arrives. */
export class AnswerError extends AdapterError {
  readonly status: number;
  constructor(status: number, message: string, retryAfterMs?: number) {
    super(codeOf(status), message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.status = status;
  }
}

const CODES: ReadonlyMap<number, AdapterErrorCode> = new Map([
  [400, 'misconfigured'],
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [404, 'misconfigured'],
  [409, 'throttled'],
  [410, 'expired'],
  [429, 'throttled'],
  [503, 'throttled'],
]);

function codeOf(status: number): AdapterErrorCode {
  return CODES.get(status) ?? 'unavailable';
}

/** The connection broke, so the outcome is unknown. */
export const networkLost = (): AnswerError => new AnswerError(0, 'The connection broke.');
