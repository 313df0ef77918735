/**
 * An object with some members of another one, whose methods need no `this`. It can be spread, wrapped, and put behind the proxy of a
 * reactive framework; an object with private fields can't.
 *
 * @param names absent members are left out
 */
export function plainObject<T extends object, Name extends keyof T>(source: T, names: readonly Name[]): Pick<T, Name> {
  const members = names.flatMap((name) => {
    const member = source[name];
    if (member === undefined) return [];
    return [[name, typeof member === 'function' ? (member.bind(source) as unknown) : member]];
  });
  return Object.fromEntries(members) as Pick<T, Name>;
}
