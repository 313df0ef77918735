import { AdapterError, type AdapterErrorCode } from '../src/adapters/contract.ts';
import { failureOf } from '../src/util/http-status.ts';

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

/** 409 is the answer to a request that is still under way: it may be sent again in a moment. */
function codeOf(status: number): AdapterErrorCode {
  if (status === 0) return 'unavailable';
  return status === 409 ? 'throttled' : failureOf(status);
}

/** The connection broke, so the outcome is unknown. */
export const networkLost = (): AnswerError => new AnswerError(0, 'The connection broke.');
