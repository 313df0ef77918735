/** Returns a number that is at least `least`. @throws RangeError, with the name of the option, for any other */
export function amount(name: string, value: number, least = 0): number {
  if (!(value >= least && value < Infinity)) throw new RangeError(`${name}: got ${value}; give a number >= ${least}`);
  return value;
}
