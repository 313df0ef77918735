/** What the status codes of HTTP responses mean to the store. */

type Failure = 'expired' | 'unauthenticated' | 'forbidden' | 'throttled' | 'unavailable' | 'misconfigured';

const failures = new Map<number, Failure>([
  [401, 'unauthenticated'],
  [403, 'forbidden'],
  [408, 'unavailable'],
  [410, 'expired'],
  [425, 'unavailable'],
  [429, 'throttled'],
  [503, 'throttled'],
]);

/** Why a watch or a read failed. */
export function failureOf(status: number): Failure {
  return failures.get(status) ?? (status >= 500 ? 'unavailable' : 'misconfigured');
}

const refusals = new Map<number, 'forbidden' | 'invalid' | 'gone' | 'conflict'>([
  [400, 'invalid'],
  [403, 'forbidden'],
  [404, 'gone'],
  [410, 'gone'],
  [412, 'conflict'],
  [422, 'invalid'],
]);

/** Why an action changed nothing; `undefined` for a status that does not say so. */
export function refusalOf(status: number): 'forbidden' | 'invalid' | 'gone' | 'conflict' | undefined {
  return refusals.get(status);
}
