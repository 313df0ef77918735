/** Generates messages of the contract with fast-check: mostly valid, and invalid in every way that is easy to miss. */
import { fc } from '../../support/fast-check.ts';

/** Mostly valid, so that whole messages are valid often enough. */
const mostly = (right: fc.Arbitrary<unknown>, ...wrong: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(...wrong, null, true, {}, [], [1], 'text', 7, -1, NaN) },
    { weight: 1, arbitrary: fc.anything() },
  );

const many = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => mostly(fc.array(mostly(item), { maxLength: 3 }));

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '__proto__', 'constructor', '\u0000', '\ud800'),
);
const id = mostly(
  fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
    fc.constantFrom('__proto__', 'x'.repeat(1024), '😀'.repeat(512)),
  ),
  '',
  'x'.repeat(1025),
  '😀'.repeat(513),
);
const whole = mostly(
  fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER)),
  '10',
  1.5,
  1e308,
  Infinity,
  2 ** 53,
);
const timestamp = mostly(
  fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }).map((date) => date.toISOString()),
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.constantFrom('2030-01-31T09:30Z', '2030-01-31T09:30:00.123456+05:30'),
  ),
  'yesterday',
  '2030-02-31T25:00:00Z',
  8.65e15,
  new Date(0),
);
const string = mostly(text);
const strings = mostly(fc.array(string));

/** A result of `diagnose`, valid or nearly. */
export const anyDependencies = many(
  fc.record(
    {
      kind: string,
      id,
      name: string,
      state: mostly(fc.constantFrom('running', 'stopped', 'error', 'unknown'), 'up'),
      message: string,
      href: string,
    },
    { requiredKeys: ['kind', 'id', 'name', 'state'] },
  ),
);
/** A result of `log`, valid or nearly. */
export const anyLogEntries = many(
  fc.record(
    { text: string, at: timestamp, level: mostly(fc.constantFrom('debug', 'info', 'warning', 'error'), 'fatal') },
    { requiredKeys: ['text'] },
  ),
);
/** A row, valid or nearly. */
export const anyRow = fc.record(
  {
    id,
    status: string,
    name: string,
    revision: whole,
    message: string,
    at: timestamp,
    changedBy: string,
    missing: strings,
    cause: mostly(fc.record({ kind: string, id, name: string }, { requiredKeys: ['kind', 'id'] })),
    denied: mostly(fc.dictionary(text, string)),
    later: fc.anything(),
  },
  { requiredKeys: ['id', 'status', 'revision'] },
);
const rows = many(anyRow);
const removals = many(fc.record({ id, revision: whole, reason: string }, { requiredKeys: ['id'] }));
const cursor = mostly(fc.string({ minLength: 1 }), '');
/** Any change but `open`, which comes once and first; valid or nearly. */
export const anyChange = fc.oneof(
  fc.record({ type: fc.constant('page'), items: rows }),
  fc.record({ type: fc.constant('upsert'), items: rows, cursor }, { requiredKeys: ['type', 'items'] }),
  fc.record({ type: fc.constant('remove'), items: removals, cursor }, { requiredKeys: ['type', 'items'] }),
  fc.record(
    { type: fc.constant('synced'), cursor, partial: mostly(fc.boolean()), count: whole },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    { type: fc.constant('heartbeat'), cursor, count: whole, serverTime: timestamp },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: mostly(fc.constantFrom('later', 'opened', '')) }),
  fc.anything(),
);
/** The first change, valid or nearly. */
export const anyOpen = fc.record(
  {
    type: mostly(fc.constant('open'), 'page'),
    contract: mostly(fc.constant(1)),
    // A resume without a request for one is refused because of the request, not because of its form.
    mode: mostly(fc.constant('snapshot')),
    epoch: string,
    heartbeatMs: mostly(fc.double({ min: 1e-6, max: 3_600_000 }), 0, 3_600_001),
    serverTime: timestamp,
  },
  { requiredKeys: ['type', 'mode'] },
);

const ODD = [
  ...[undefined, null, true, '', 'text', '10', 'x'.repeat(1024), 'x'.repeat(1025), '😀'.repeat(513)],
  ...[0, -0, 7, -1, 1.5, 2 ** 53 - 1, 2 ** 53, 1e308, NaN, Infinity, 8.64e15, 8.65e15],
  ...['yesterday', '2030-01-31T09:30Z', '2030-01-31', '2030-02-31T25:00:00Z', new Date(0)],
  ...[{}, [], [1], ['a'], [null], { a: 'b' }, { a: 1 }, { kind: 'channel', id: 'a' }, { kind: 'channel', id: '' }],
];

/** For each field of a valid object: copies with other values in that field, and one without it. */
export function* withOneOdd(sound: Readonly<Record<string, unknown>>): Generator<Readonly<Record<string, unknown>>> {
  for (const field of Object.keys(sound)) for (const odd of ODD) yield { ...sound, [field]: odd };
}

/** A row that uses every field. */
export const soundRow = {
  id: 'a',
  status: 'error',
  name: 'A',
  revision: 1,
  message: 'no',
  at: '2030-01-31T09:30:00Z',
  changedBy: 'Operator',
  missing: ['contacts'],
  cause: { kind: 'channel', id: 'email', name: 'E-mail' },
  denied: { start: '' },
};
/** A removal that uses every field. */
export const soundRemoval = { id: 'a', revision: 1, reason: 'by Operator' };
/** A dependency that uses every field. */
export const soundDependency = {
  kind: 'channel',
  id: 'email',
  name: 'E-mail',
  state: 'running',
  message: 'no',
  href: '/channels',
};
/** A log entry that uses every field. */
export const soundLogEntry = { text: 'a', at: 0, level: 'info' };
