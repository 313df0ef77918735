import * as v from 'valibot';

type NullishSchema<S extends v.GenericSchema> = v.NullishSchema<S, undefined>;
type OptionalOutput<S extends v.GenericSchema> = NonNullable<v.InferOutput<S>> | undefined;

/** An optional field of data from outside: `null` counts as absent. */
export function optional<const S extends v.GenericSchema>(
  schema: S,
): v.SchemaWithPipe<
  readonly [NullishSchema<S>, v.TransformAction<v.InferOutput<NullishSchema<S>>, OptionalOutput<S>>]
> {
  return v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );
}
