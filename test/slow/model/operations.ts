/** Counts the operations that code performs on collections: a measure of work that is the same on every machine. */

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Collections and their iterators: each step of a loop is one operation. */
const PROTOTYPES = [Map.prototype, Set.prototype, Array.prototype].flatMap((prototype) => [
  prototype as object,
  Object.getPrototypeOf(
    (prototype as Iterable<unknown>)[Symbol.iterator].call(
      new (prototype.constructor as new () => Iterable<unknown>)(),
    ),
  ) as object,
]);
/** These call a function for each item: each of these calls is one operation. */
const LOOPS: readonly PropertyKey[] = [
  'forEach',
  'map',
  'filter',
  'some',
  'every',
  'find',
  'findIndex',
  'flatMap',
  'reduce',
  'sort',
];

/**
 * Runs `work`, and counts the calls of all methods of maps, sets, arrays and their iterators, and the callbacks they
 * call.
 */
export async function countOperations(work: () => Promise<void> | void): Promise<number> {
  const counter = { count: 0 };
  const before = PROTOTYPES.map((prototype) => Object.getOwnPropertyDescriptors(prototype));
  const counting = before.map((descriptors) => counted(descriptors, counter));
  // Between here and the restore below, this function must not use what it counts.
  for (let i = 0; i < PROTOTYPES.length; i++) Object.defineProperties(PROTOTYPES[i]!, counting[i]!);
  try {
    await work();
  } finally {
    for (let i = 0; i < PROTOTYPES.length; i++) Object.defineProperties(PROTOTYPES[i]!, before[i]!);
  }
  return counter.count;
}

function counted(descriptors: PropertyDescriptorMap, counter: { count: number }): PropertyDescriptorMap {
  const all = Reflect.ownKeys(descriptors).filter(
    (key) => key !== 'constructor' && typeof descriptors[key as string]!.value === 'function',
  );
  return Object.fromEntries(
    all.map((key) => {
      const descriptor = descriptors[key as string]!;
      return [key, { ...descriptor, value: countedMethod(descriptor.value as Method, LOOPS.includes(key), counter) }];
    }),
  );
}

function countedMethod(method: Method, loops: boolean, counter: { count: number }): Method {
  return function (...args) {
    counter.count++;
    const each = args[0];
    if (loops && typeof each === 'function')
      args[0] = function (this: unknown, ...params: unknown[]) {
        counter.count++;
        return Reflect.apply(each, this, params) as unknown;
      };
    return Reflect.apply(method, this, args);
  };
}
