/** Full jitter: anything between nothing and the doubling ceiling. @param attempt 0 for the first retry. @returns ms */
export function backoff(attempt: number, random: number, first = 1000, ceiling = 30_000): number {
  return random * Math.min(ceiling, first * 2 ** Math.min(attempt, 30));
}
