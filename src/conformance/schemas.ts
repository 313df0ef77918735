/**
 * Every message of the contract as a schema: what a sender sends. The published JSON Schema and OpenAPI document are made from
 * these, and the conformance kit checks by them whatever an adapter emits.
 *
 * Where the store is lenient, a sender is told all the same:
 *
 * - The store keeps the good rows of a change with a bad one among them; here the change is refused.
 * - The store leaves out what it can't use in a good message, such as a time that is none, an empty cursor, or a heartbeat of a
 *   day; here that is refused. So is a time without its zone, which each reader would take for a time of its own zone.
 * - The store counts a change of an unknown `type` and goes on, so that a later contract may add some; nobody may send one today.
 *
 * Other fields than these may be sent anywhere: readers ignore them. `null` in an optional field of an answer or a message is as good
 * as absent.
 */
import * as v from 'valibot';
import { LONGEST_SILENCE_MS } from '../adapters/heartbeat.ts';

/** Largest and smallest moment that a `Date` can hold, in ms since 1970. */
const LAST_MOMENT = 8.64e15;
const LONGEST_ID = 1024;

/** A text of which only the type matters. */
const text = (description: string) => v.pipe(v.string('a string'), v.description(description));

const flag = (description: string) => v.pipe(v.boolean('true or false'), v.description(description));

const WHOLE = 'a safe integer, 0 or more';
const whole = (description: string) =>
  v.pipe(v.number(WHOLE), v.safeInteger(WHOLE), v.minValue(0, WHOLE), v.description(description));

const ID = 'a string of 1 to 1,024 characters';
const id = (description: string) =>
  v.pipe(v.string(ID), v.minLength(1, ID), v.maxLength(LONGEST_ID, ID), v.description(description));

const MOMENT = 'ISO 8601 with its zone, such as 2030-01-31T09:30:00Z, or ms since 1970';
/** ISO 8601 with its zone, or ms since 1970. */
const moment = (description: string) =>
  v.pipe(
    v.union(
      [
        v.pipe(
          v.string(MOMENT),
          v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/, MOMENT),
          v.check((moment) => Number.isFinite(Date.parse(moment)), MOMENT),
          v.description('ISO 8601, with its zone.'),
        ),
        v.pipe(
          v.number(MOMENT),
          v.minValue(-LAST_MOMENT, MOMENT),
          v.maxValue(LAST_MOMENT, MOMENT),
          v.description('Milliseconds since 1970.'),
        ),
      ],
      MOMENT,
    ),
    v.description(description),
  );

const CURSOR = 'a string that is not empty';
const cursor = (description: string) => v.pipe(v.string(CURSOR), v.minLength(1, CURSOR), v.description(description));

const word = <const W extends readonly string[]>(words: W, description: string) =>
  v.pipe(v.picklist(words, oneOf(words)), v.description(description));

const list = <S extends v.GenericSchema>(item: S, description: string) =>
  v.pipe(v.array(item, 'a list'), v.description(description));

/** An object: of a member that is missing it says what that member wants. */
const shape = <const E extends v.ObjectEntries>(title: string, description: string, entries: E) =>
  v.pipe(
    v.object(entries, ({ path }) => {
      const member = path?.length ? entries[String(path.at(-1)?.key)] : undefined;
      return (member && v.safeParse(member, undefined).issues?.[0].message) ?? 'an object';
    }),
    v.title(title),
    v.description(description),
  );

const revision = whole(
  'Grows with every change of this id within an epoch, also across delete and recreate. Rows are ordered by it alone.',
);

/** A campaign's row. Holds `CampaignRecord` of the contract. */
export const RecordSchema = v.pipe(
  shape('CampaignRecord', 'One campaign, whole.', {
    id: id('Names the campaign within its system; anything, also `__proto__`. Counted in UTF-16 code units.'),
    status: text('A word of the lifecycle. One that a reader does not know is shown as it is.'),
    name: v.nullish(text('What people call it. Absent: the id is shown.')),
    system: v.nullish(text('If given, the system whose feed this is; a row of another one is dropped.')),
    revision,
    message: v.nullish(text('Plain text of any number of lines. In an error: the latest error, whole.')),
    at: v.nullish(moment('When the message, or without one the status, became true. Shown, never compared for order.')),
    changedBy: v.nullish(text('Who or what moved it last.')),
    missing: v.nullish(
      list(
        text('A word of the lifecycle.'),
        'Prerequisites not met now. Empty: all met. Absent: not known, so nothing is disabled for it.',
      ),
    ),
    cause: v.nullish(
      shape('Cause', 'The dependency that an error comes from.', {
        kind: text('Such as `channel` or `agent`.'),
        id: id('Names the dependency within its kind.'),
        name: v.nullish(text('What people call it. Absent: the id is shown.')),
      }),
    ),
    denied: v.nullish(
      v.pipe(
        v.record(v.string(), v.string('a string, empty for no reason'), 'an object of strings by action'),
        v.description(
          'Actions this user may not take, each with the reason, or an empty string. Display, not defence: the backend refuses them all the same.',
        ),
      ),
    ),
  }),
  v.examples([
    { id: 'c-17', name: 'Spring sale', status: 'active', revision: 42, at: '2030-01-31T09:30:00Z', missing: [] },
    {
      id: 'c-18',
      name: 'Birthday letters',
      status: 'error',
      revision: 7,
      message: 'Channel “E-mail” is not running: 12 messages could not be handed over.',
      at: 1_895_997_000_000,
      changedBy: 'engine',
      cause: { kind: 'channel', id: 'email', name: 'E-mail' },
      denied: { start: 'Only editors of this campaign may start it.' },
    },
  ]),
);

const position = {
  cursor: v.nullish(cursor('A place to go on from after this change. Opaque; compared for equality only.')),
};
const proof = {
  count: v.nullish(whole('How many campaigns the system has now. A reader that knows another number reads anew.')),
};
const serverTime = v.nullish(moment('Now, by the server’s clock. Readers count “ago” from it.'));
const rows = list(RecordSchema, 'Whole rows.');

/** First message of a feed. */
export const OpenSchema = v.pipe(
  shape('Open', 'First, and once.', {
    type: v.literal('open', '"open"'),
    contract: v.nullish(v.pipe(v.literal(1, '1'), v.description('The version of this contract.'))),
    mode: word(
      ['snapshot', 'resume'],
      '`snapshot`: pages with all campaigns follow. `resume`: only what changed since the position that was asked for.',
    ),
    epoch: v.nullish(
      text(
        'Names one numbering of revisions and cursors; another one after a restore, or wherever they start over. Absent: they never do.',
      ),
    ),
    heartbeatMs: v.nullish(
      v.pipe(
        v.number(`more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.gtValue(0, `more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.maxValue(LONGEST_SILENCE_MS, `more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.description('A promise, in ms: silence beyond it means a dead feed. Absent: being quiet means nothing.'),
      ),
    ),
    serverTime,
  }),
  v.examples([{ type: 'open', contract: 1, mode: 'snapshot', epoch: 'e-2030-01', heartbeatMs: 5000 }]),
);

/** Rows of a snapshot. */
export const PageSchema = v.pipe(
  shape('Page', 'Rows of the snapshot. Any number of pages, between `open` and `synced`.', {
    type: v.literal('page', '"page"'),
    items: rows,
  }),
  v.examples([{ type: 'page', items: [{ id: 'c-17', status: 'active', revision: 42 }] }]),
);

/** The snapshot, or the catch-up, is whole. */
export const SyncedSchema = v.pipe(
  shape(
    'Synced',
    'Ends the snapshot, or in `resume` the catch-up; live from here. Its cursor was read before the rows.',
    {
      type: v.literal('synced', '"synced"'),
      ...position,
      partial: v.nullish(
        flag('A campaign that was not named may still exist. Else what was not named is taken for gone.'),
      ),
      ...proof,
    },
  ),
  v.examples([{ type: 'synced', cursor: '1041', count: 1 }]),
);

/** New or changed rows. */
export const UpsertSchema = v.pipe(
  shape('Upsert', 'New or changed campaigns, each row whole.', {
    type: v.literal('upsert', '"upsert"'),
    items: rows,
    ...position,
  }),
  v.examples([{ type: 'upsert', items: [{ id: 'c-17', status: 'inactive', revision: 43 }], cursor: '1042' }]),
);

/** One item of a removal. */
export const RemovalSchema = shape('Removal', 'A campaign that is no longer there.', {
  id: id('Which one.'),
  revision: v.nullish(
    whole('The number that the removal itself got. Absent: it was removed as of the last revision known.'),
  ),
  reason: v.nullish(text('Why, as text for people.')),
});

/** Removed campaigns. */
export const RemoveSchema = v.pipe(
  shape('Remove', 'Campaigns that are no longer there.', {
    type: v.literal('remove', '"remove"'),
    items: list(RemovalSchema, 'Which ones.'),
    ...position,
  }),
  v.examples([
    { type: 'remove', items: [{ id: 'c-17', revision: 44, reason: 'deleted by Operator' }], cursor: '1043' },
  ]),
);

/** Proof of life. */
export const HeartbeatSchema = v.pipe(
  shape('Heartbeat', 'Proof of life, when there is nothing else to say.', {
    type: v.literal('heartbeat', '"heartbeat"'),
    ...position,
    ...proof,
    serverTime,
  }),
  v.examples([{ type: 'heartbeat', cursor: '1043', count: 1, serverTime: '2030-01-31T09:30:05Z' }]),
);

const changes = [OpenSchema, PageSchema, SyncedSchema, UpsertSchema, RemoveSchema, HeartbeatSchema] as const;

/** One message of a feed. Holds `Change` of the contract. */
export const ChangeSchema = v.pipe(
  v.variant('type', changes, ({ path }) =>
    path ? oneOf(changes.map(({ entries }) => entries.type.literal)) : 'an object with a `type`',
  ),
  v.title('Change'),
  v.description(
    'One message of a feed: `open`, then in a snapshot pages, then `synced`, then upserts, removals and heartbeats as they come. ' +
      'This says what to send. A reader lets pass what it does not know: other fields, and messages of another `type`.',
  ),
);

/** One campaign, read now. Holds `Reading` of the contract. */
export const ReadingSchema = v.pipe(
  shape('Reading', 'One campaign, as it is now.', {
    campaign: RecordSchema,
    epoch: v.nullish(text('The numbering that its revision belongs to: that of `open`.')),
  }),
  v.examples([{ campaign: { id: 'c-17', status: 'active', revision: 42 }, epoch: 'e-2030-01' }]),
);

const reason = v.nullish(text('Why, as text for people.'));
const results = [
  shape('Done', 'It happened; this is the row after it.', {
    outcome: v.literal('done', '"done"'),
    ...ReadingSchema.entries,
  }),
  shape('Accepted', 'Taken on, or done without a row to show: the feed will tell.', {
    outcome: v.literal('accepted', '"accepted"'),
  }),
  shape('Conflict', 'It is not legal from the real status.', {
    outcome: v.literal('conflict', '"conflict"'),
    reason,
    campaign: v.nullish(RecordSchema),
    epoch: ReadingSchema.entries.epoch,
  }),
  shape('Refused', 'Surely nothing happened.', {
    outcome: v.literal('refused', '"refused"'),
    code: word(['forbidden', 'invalid', 'gone', 'unavailable'], 'What kind of refusal it is.'),
    reason,
  }),
] as const;

/** What became of an action, as an adapter answers. Holds `ActResult` of the contract. */
export const ActResultSchema = v.pipe(
  v.variant('outcome', results, ({ path }) =>
    path ? oneOf(results.map(({ entries }) => entries.outcome.literal)) : 'an object with an `outcome`',
  ),
  v.title('ActResult'),
  v.description('What became of an action.'),
);

const intent = {
  expect: shape(
    'Expect',
    'What the user saw. A backend refuses when the action is not legal from the real status, not because a revision moved on meanwhile.',
    {
      status: text('The status that the action was offered in.'),
      revision: whole('The revision of that row, for backends that insist.'),
      epoch: v.optional(text('The numbering that the revision belongs to.')),
    },
  ),
  input: v.optional(text('What the user entered, for an action that asks for a text.')),
};

/** The body of a request for an action. */
export const ActBodySchema = v.pipe(
  shape('ActBody', 'One user’s intent.', intent),
  v.examples([
    { expect: { status: 'active', revision: 42, epoch: 'e-2030-01' } },
    { expect: { status: 'active', revision: 42 }, input: 'The text has a mistake.' },
  ]),
);

/** The body of a request for one action on several campaigns. */
export const ActManyBodySchema = v.pipe(
  shape('ActManyBody', 'One action on several campaigns.', {
    requests: list(
      shape('ActItem', 'The action on one campaign.', {
        id: id('Which campaign.'),
        idempotencyKey: id(
          'One for each intent of a user, the same on every retry, also when that is a request for one campaign.',
        ),
        ...intent,
      }),
      'Each campaign once.',
    ),
  }),
  v.examples([{ requests: [{ id: 'c-17', idempotencyKey: 'b3c9', expect: { status: 'active', revision: 42 } }] }]),
);

/** The answer to a request for one action on several campaigns. */
export const ActManyAnswerSchema = v.pipe(
  shape('ActManyAnswer', 'What became of each request.', {
    results: list(ActResultSchema, 'One for each request, in the order of the requests.'),
  }),
  v.examples([
    {
      results: [
        { outcome: 'done', campaign: { id: 'c-17', status: 'inactive', revision: 43 }, epoch: 'e-2030-01' },
        { outcome: 'refused', code: 'forbidden', reason: 'Only editors of this campaign may stop it.' },
      ],
    },
  ]),
);

/** One move of a campaign. Holds `HistoryEntry` of the contract. */
export const HistoryEntrySchema = shape('HistoryEntry', 'One move of a campaign.', {
  status: text('The status that the campaign moved to.'),
  at: moment('When it moved.'),
  action: v.nullish(text('The action that moved it. Absent: the engine did by itself.')),
  changedBy: v.nullish(text('Who or what moved it.')),
  message: v.nullish(text('Plain text of any number of lines, such as the error of that time.')),
});

/** A part of a campaign's history. Holds `HistoryPage` of the contract. */
export const HistoryPageSchema = v.pipe(
  shape('HistoryPage', 'A part of the history of a campaign.', {
    entries: list(HistoryEntrySchema, 'The newest first.'),
    before: v.nullish(cursor('Where the next older page begins. Opaque. Absent: there is none.')),
  }),
  v.examples([
    {
      entries: [
        { status: 'active', at: '2030-01-31T09:30:00Z', action: 'start', changedBy: 'Lifecycle team' },
        { status: 'error', at: '2030-01-31T09:12:00Z', message: 'Channel “E-mail” is not running.' },
      ],
      before: '1041',
    },
  ]),
);

/** A dependency of a campaign. Holds `Dependency` of the contract. */
export const DependencySchema = shape('Dependency', 'Something that a campaign depends on: a recovery diagnostic.', {
  kind: text('Such as `channel` or `agent`.'),
  id: id('Names it within its kind.'),
  name: text('What people call it.'),
  state: word(['running', 'stopped', 'error', 'unknown'], 'How it is now.'),
  message: v.nullish(text('What it says of itself.')),
  href: v.nullish(text('Where to mend it: http or https. Anything else is shown as plain text.')),
});

/** The body of a diagnosis. */
export const DiagnosisSchema = v.pipe(
  shape('Diagnosis', 'What a campaign depends on, all of it, as it is now.', {
    dependencies: list(DependencySchema, 'In the order in which they are shown.'),
  }),
  v.examples([{ dependencies: [{ kind: 'channel', id: 'email', name: 'E-mail', state: 'running' }] }]),
);

/** An entry of the engine log. Holds `LogEntry` of the contract. */
export const LogEntrySchema = shape('LogEntry', 'One line, or one block of lines, of the engine log.', {
  text: text('Plain text.'),
  at: v.nullish(moment('When it was written.')),
  level: v.nullish(word(['debug', 'info', 'warning', 'error'], 'How much it matters.')),
});

/** One message of a log: entries to append. */
export const LogEntriesSchema = v.pipe(
  v.array(LogEntrySchema, 'a list'),
  v.title('LogEntries'),
  v.description('Entries to append. The first message has all that is kept, and may be empty.'),
  v.examples([[{ text: 'strategy: 120 contacts read', at: '2030-01-31T09:30:00Z', level: 'info' }]]),
);

/** An answer that is no success, as RFC 9457 has it. */
export const ProblemSchema = v.pipe(
  shape(
    'Problem',
    'Why not, for people; what a program needs is in the status code. With 412 the campaign as it really is may stand beside it.',
    {
      type: v.nullish(text('A URI reference that names the kind of problem. Absent: `about:blank`.')),
      title: v.nullish(text('The kind of problem, in short. Shown where there is no `detail`.')),
      status: v.nullish(whole('The status code of the answer.')),
      detail: v.nullish(text('What is wrong this time. Shown to users as it is.')),
      campaign: v.nullish(RecordSchema),
      epoch: v.nullish(text('With `campaign`: the numbering that its revision belongs to.')),
    },
  ),
  v.examples([
    { title: 'Not possible', status: 422, detail: '“Start” has to wait. Upload contacts first.' },
    {
      title: 'Overtaken',
      status: 412,
      detail: 'The campaign is no longer “Active”: it is “Inactive”, by Operator.',
      campaign: { id: 'c-17', status: 'inactive', revision: 43, changedBy: 'Operator' },
      epoch: 'e-2030-01',
    },
  ]),
);

/** What is wrong with a message of a feed: where, what was received, what to send. `undefined`: nothing. */
export function checkChange(value: unknown): string | undefined {
  return check(ChangeSchema, value);
}

/** What is wrong with a row. `undefined`: nothing. */
export function checkRecord(value: unknown): string | undefined {
  return check(RecordSchema, value);
}

/** What is wrong with an answer to `get`. `undefined`: nothing. */
export function checkReading(value: unknown): string | undefined {
  return check(ReadingSchema, value);
}

/** What is wrong with an answer to `act`. `undefined`: nothing. */
export function checkActResult(value: unknown): string | undefined {
  return check(ActResultSchema, value);
}

/** What is wrong with one value of `diagnose`, a list of dependencies. `undefined`: nothing. */
export function checkDependencies(value: unknown): string | undefined {
  return check(DiagnosisSchema.entries.dependencies, value);
}

/** What is wrong with one value of `log`, a list of entries. `undefined`: nothing. */
export function checkLogEntries(value: unknown): string | undefined {
  return check(LogEntriesSchema, value);
}

/** What is wrong with a problem+json body. `undefined`: nothing. */
export function checkProblem(value: unknown): string | undefined {
  return check(ProblemSchema, value);
}

/** What is wrong with the body of a request for an action. `undefined`: nothing. */
export function checkActBody(value: unknown): string | undefined {
  return check(ActBodySchema, value);
}

/** What is wrong with the body of a request for one action on several campaigns. `undefined`: nothing. */
export function checkActManyBody(value: unknown): string | undefined {
  return check(ActManyBodySchema, value);
}

/** What is wrong with the answer to such a request. `undefined`: nothing. */
export function checkActManyAnswer(value: unknown): string | undefined {
  return check(ActManyAnswerSchema, value);
}

/** What is wrong with an answer to `history`. `undefined`: nothing. */
export function checkHistoryPage(value: unknown): string | undefined {
  return check(HistoryPageSchema, value);
}

function check(schema: v.GenericSchema, value: unknown): string | undefined {
  const issue = v.safeParse(schema, value, { abortEarly: true }).issues?.[0];
  if (!issue) return undefined;
  const where = pathOf(issue);
  return `${where && `${where}: `}got ${quote(issue.input)}; send ${issue.message}${mend(where, issue.input)}`;
}

/** How the slips that are made most often are mended. */
function mend(where: string, got: unknown): string {
  const member = where.replace(/^.*\./, '');
  if (member === 'id' && typeof got === 'number') return ': String(id)';
  if (member === 'revision' && typeof got === 'string') return ': Number(revision)';
  if (got instanceof Date) return `: ${member}.toISOString()`;
  return '';
}

/** Such as `items[3].cause.id`. */
function pathOf(issue: v.BaseIssue<unknown>): string {
  return (issue.path ?? [])
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function oneOf(words: readonly string[]): string {
  return `one of ${words.map((one) => `"${one}"`).join(', ')}`;
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'string')
    return value instanceof Date ? 'a Date' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
