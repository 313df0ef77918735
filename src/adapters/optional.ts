import * as v from 'valibot';

type Given<S extends v.GenericSchema> = v.NullishSchema<S, undefined>;
type Taken<S extends v.GenericSchema> = NonNullable<v.InferOutput<S>> | undefined;

/** An optional field of data from outside: `null` counts as absent. */
export function optional<const S extends v.GenericSchema>(
  schema: S,
): v.SchemaWithPipe<readonly [Given<S>, v.TransformAction<v.InferOutput<Given<S>>, Taken<S>>]> {
  return v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );
}
