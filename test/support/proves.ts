/** Two types that are the same to the compiler, `readonly` and optional fields included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** An error of the compiler unless the type is `true`. */
export function proves<_T extends true>(): void {}
