/** The methods that read or write collections, one element at a time or as a whole. */
const METHODS = [
  [Map.prototype, ['get', 'set', 'has', 'delete']],
  [Set.prototype, ['has', 'add', 'delete']],
  [
    Array.prototype,
    ['push', 'indexOf', 'includes', 'find', 'filter', 'map', 'some', 'every', 'sort', 'slice', 'forEach'],
  ],
] as const;

/**
 * Counts how often `work` touches an element of any Map, Set or Array: one for each call about one element, one for
 * each step of an iteration, and the length of the array for a method that reads all of it.
 */
export function countedWork(work: () => void): number {
  let count = 0;
  const undo: (() => void)[] = [];
  const wrap = (
    prototype: object,
    name: PropertyKey,
    make: (original: (...args: never[]) => unknown) => unknown,
  ): void => {
    const original = Object.getOwnPropertyDescriptor(prototype, name)!;
    Object.defineProperty(prototype, name, { ...original, value: make(original.value as () => unknown) });
    undo.unshift(() => Object.defineProperty(prototype, name, original));
  };
  for (const [prototype, names] of METHODS)
    for (const name of names)
      wrap(
        prototype,
        name,
        (original) =>
          function (this: { length?: number }, ...args: never[]): unknown {
            count += name === 'push' ? args.length : (this.length ?? 1);
            return original.apply(this, args);
          },
      );
  for (const made of [new Map().values(), new Set().values(), [].values()])
    wrap(
      Object.getPrototypeOf(made) as object,
      'next',
      (original) =>
        function (this: unknown, ...args: never[]): unknown {
          count++;
          return original.apply(this, args);
        },
    );
  try {
    work();
  } finally {
    for (const step of undo) step();
  }
  return count;
}
