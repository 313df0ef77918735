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
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[tails[middle]!]! < place) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  }
  const run = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index]!) run.add(index);
  return run;
}
