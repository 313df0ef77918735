/** How many items pass, found by halving: the first ones must pass, and all others must not. */
export function partitionPoint<T>(items: ArrayLike<T>, passes: (item: T) => boolean): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (passes(items[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}
