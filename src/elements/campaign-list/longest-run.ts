import { partitionPoint } from '../../util/partition-point.ts';

/**
 * Where a longest ascending run of `places` stands: the rows that can stay while all others move around them.
 *
 * @param places where each row was before, in the new order; -1 for a new row
 * @returns indices into `places`
 */
export function longestRun(places: readonly number[]): ReadonlySet<number> {
  // tails[n]: the index at which the best run of n + 1 rows ends. before[i]: the index that comes before i in its run.
  const tails: number[] = [];
  const before = new Array<number>(places.length).fill(-1);
  for (const [index, place] of places.entries()) {
    if (place < 0) continue;
    const length = partitionPoint(tails, (tail) => places[tail]! < place);
    before[index] = length > 0 ? tails[length - 1]! : -1;
    tails[length] = index;
  }
  const run = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index]!) run.add(index);
  return run;
}
