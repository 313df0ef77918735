/**
 * Every message of the contract as a schema of what a sender may send. The published JSON Schema and OpenAPI documents are generated
 * from these schemas, and the conformance kit checks each message of an adapter against them.
 *
 * They are stricter than the store, so that senders learn of their mistakes:
 *
 * - The store keeps the valid rows of a change that also has an invalid one. Here the whole change is invalid.
 * - The store ignores a value that it can't use in a valid message, such as an invalid time, an empty cursor or a heartbeat of a day.
 *   Here the message is invalid. So is a time without a zone, because each reader would assume its own zone.
 * - The store counts a change of an unknown `type` and continues, so that a later contract may add types. Here it is invalid.
 *
 * Fields that are not listed may be sent anywhere, and readers ignore them. `null` in an optional field of an answer or a message
 * counts as absent.
 */
import * as v from 'valibot';
import { LONGEST_SILENCE_MS } from '../adapters/heartbeat.ts';

/** The latest moment that a `Date` can hold, in ms since 1970. Its negative is the earliest. */
const LAST_MOMENT = 8.64e15;
const LONGEST_ID = 1024;

/** Any text. */
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

const choice = <const W extends readonly string[]>(words: W, description: string) =>
  v.pipe(v.picklist(words, oneOf(words)), v.description(description));

const list = <S extends v.GenericSchema>(item: S, description: string) =>
  v.pipe(v.array(item, 'a list'), v.description(description));

/** An object. For a missing member the message says what to send there. */
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
  'Grows with every change of this id within an epoch, also when the campaign is removed and created again. Only this orders rows.',
);

/** A campaign's row: `CampaignRecord` of the contract. */
export const RecordSchema = v.pipe(
  shape('CampaignRecord', 'One campaign with all its fields.', {
    id: id(
      'Identifies the campaign within its system. Any text, also `__proto__`. Its length is counted in UTF-16 code units.',
    ),
    status: text('A status of the lifecycle. A reader shows a status that it does not know as it is.'),
    name: v.nullish(text('The name that people use. Absent: the id is shown.')),
    system: v.nullish(text('If given, the system of the feed. A row of another system is dropped.')),
    revision,
    message: v.nullish(text('Plain text with any number of lines. In an error status: the complete latest error.')),
    at: v.nullish(
      moment('Since when the message applies, or without a message the status. Shown, never used to order rows.'),
    ),
    changedBy: v.nullish(text('Who or what changed its status last.')),
    missing: v.nullish(
      list(
        text('A prerequisite of the lifecycle.'),
        'Prerequisites that are not met now. Empty: all are met. Absent: unknown, so no action is disabled for them.',
      ),
    ),
    cause: v.nullish(
      shape('Cause', 'The dependency that an error comes from.', {
        kind: text('Such as `channel` or `agent`.'),
        id: id('Identifies the dependency within its kind.'),
        name: v.nullish(text('The name that people use. Absent: the id is shown.')),
      }),
    ),
    denied: v.nullish(
      v.pipe(
        v.record(v.string(), v.string('a string, empty for no reason'), 'an object of strings by action'),
        v.description(
          'Actions that this user may not take, each with the reason or an empty string. For display only: the backend must refuse them too.',
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
  cursor: v.nullish(
    cursor('The position after this change, from which a feed can resume. Opaque, compared for equality only.'),
  ),
};
const counted = {
  count: v.nullish(
    whole('How many campaigns the system has now. A reader that knows another number takes a new snapshot.'),
  ),
};
const serverTime = v.nullish(moment('The current time of the server. Readers measure ages from it.'));
const rows = list(RecordSchema, 'Complete rows.');

/** First message of a feed. */
export const OpenSchema = v.pipe(
  shape('Open', 'The first message of a feed, sent once.', {
    type: v.literal('open', '"open"'),
    contract: v.nullish(v.pipe(v.literal(1, '1'), v.description('The version of this contract.'))),
    mode: choice(
      ['snapshot', 'resume'],
      '`snapshot`: pages with all campaigns follow. `resume`: only changes since the requested position follow.',
    ),
    epoch: v.nullish(
      text(
        'Identifies the period in which revisions and cursors are comparable. It changes when they start over, such as after a restore. Absent: they never start over.',
      ),
    ),
    heartbeatMs: v.nullish(
      v.pipe(
        v.number(`more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.gtValue(0, `more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.maxValue(LONGEST_SILENCE_MS, `more than 0 and at most ${LONGEST_SILENCE_MS} (ms)`),
        v.description('In ms: a feed that is silent for longer is dead. Absent: silence means nothing.'),
      ),
    ),
    serverTime,
  }),
  v.examples([{ type: 'open', contract: 1, mode: 'snapshot', epoch: 'e-2030-01', heartbeatMs: 5000 }]),
);

/** Rows of a snapshot. */
export const PageSchema = v.pipe(
  shape('Page', 'Rows of the snapshot. Any number of pages may come between `open` and `synced`.', {
    type: v.literal('page', '"page"'),
    items: rows,
  }),
  v.examples([{ type: 'page', items: [{ id: 'c-17', status: 'active', revision: 42 }] }]),
);

/** The snapshot, or the catch-up, is complete. */
export const SyncedSchema = v.pipe(
  shape(
    'Synced',
    'Ends the snapshot, or in mode `resume` the catch-up. Changes follow as they happen. Its cursor was read before the rows.',
    {
      type: v.literal('synced', '"synced"'),
      ...position,
      partial: v.nullish(
        flag(
          'A campaign that was not named may still exist. Otherwise a campaign that was not named counts as removed.',
        ),
      ),
      ...counted,
    },
  ),
  v.examples([{ type: 'synced', cursor: '1041', count: 1 }]),
);

/** New or changed rows. */
export const UpsertSchema = v.pipe(
  shape('Upsert', 'New or changed campaigns, each as a complete row.', {
    type: v.literal('upsert', '"upsert"'),
    items: rows,
    ...position,
  }),
  v.examples([{ type: 'upsert', items: [{ id: 'c-17', status: 'inactive', revision: 43 }], cursor: '1042' }]),
);

/** One item of a removal. */
export const RemovalSchema = shape('Removal', 'A campaign that no longer exists.', {
  id: id('The id of the campaign.'),
  revision: v.nullish(
    whole('The revision of the removal itself. Absent: the removal applies to the last known revision.'),
  ),
  reason: v.nullish(text('Why, as text for people.')),
});

/** Removed campaigns. */
export const RemoveSchema = v.pipe(
  shape('Remove', 'Campaigns that no longer exist.', {
    type: v.literal('remove', '"remove"'),
    items: list(RemovalSchema, 'The removed campaigns.'),
    ...position,
  }),
  v.examples([
    { type: 'remove', items: [{ id: 'c-17', revision: 44, reason: 'deleted by Operator' }], cursor: '1043' },
  ]),
);

/** Shows that the feed works. */
export const HeartbeatSchema = v.pipe(
  shape('Heartbeat', 'Shows that the feed works when there is nothing else to send.', {
    type: v.literal('heartbeat', '"heartbeat"'),
    ...position,
    ...counted,
    serverTime,
  }),
  v.examples([{ type: 'heartbeat', cursor: '1043', count: 1, serverTime: '2030-01-31T09:30:05Z' }]),
);

const changes = [OpenSchema, PageSchema, SyncedSchema, UpsertSchema, RemoveSchema, HeartbeatSchema] as const;

/** One message of a feed: `Change` of the contract. */
export const ChangeSchema = v.pipe(
  v.variant('type', changes, ({ path }) =>
    path ? oneOf(changes.map(({ entries }) => entries.type.literal)) : 'an object with a `type`',
  ),
  v.title('Change'),
  v.description(
    'One message of a feed: `open`, then the pages of a snapshot, then `synced`, then upserts, removals and heartbeats as they happen. ' +
      'This describes what to send. A reader ignores fields and messages of a `type` that it does not know.',
  ),
);

/** One campaign, as it is now: `Reading` of the contract. */
export const ReadingSchema = v.pipe(
  shape('Reading', 'One campaign, as it is now.', {
    campaign: RecordSchema,
    epoch: v.nullish(text('The epoch of its revision, as in `open`.')),
  }),
  v.examples([{ campaign: { id: 'c-17', status: 'active', revision: 42 }, epoch: 'e-2030-01' }]),
);

const reason = v.nullish(text('Why, as text for people.'));
const results = [
  shape('Done', 'The action was done. This is the row after it.', {
    outcome: v.literal('done', '"done"'),
    ...ReadingSchema.entries,
  }),
  shape('Accepted', 'The action will be done, or was done and there is no row. The feed reports the result.', {
    outcome: v.literal('accepted', '"accepted"'),
  }),
  shape('Conflict', 'The action is not legal from the current status.', {
    outcome: v.literal('conflict', '"conflict"'),
    reason,
    campaign: v.nullish(RecordSchema),
    epoch: ReadingSchema.entries.epoch,
  }),
  shape('Refused', 'The action had no effect.', {
    outcome: v.literal('refused', '"refused"'),
    code: choice(['forbidden', 'invalid', 'gone', 'unavailable'], 'The kind of refusal.'),
    reason,
  }),
] as const;

/** The outcome of an action: `ActResult` of the contract. */
export const ActResultSchema = v.pipe(
  v.variant('outcome', results, ({ path }) =>
    path ? oneOf(results.map(({ entries }) => entries.outcome.literal)) : 'an object with an `outcome`',
  ),
  v.title('ActResult'),
  v.description('The outcome of an action.'),
);

const intent = {
  expect: shape(
    'Expect',
    'What the user saw. A backend refuses an action that is not legal from the current status, but not because the revision has grown since.',
    {
      status: text('The status in which the action was offered.'),
      revision: whole('The revision of that row, for backends that require it.'),
      epoch: v.optional(text('The epoch of the revision.')),
    },
  ),
  input: v.optional(text('What the user entered, for an action that asks for a text.')),
};

/** The body of a request for an action. */
export const ActBodySchema = v.pipe(
  shape('ActBody', 'An action that a user asks for.', intent),
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
        id: id('The id of the campaign.'),
        idempotencyKey: id(
          'One for each action that a user asks for, and the same for every retry, also if the retry is a request for one campaign.',
        ),
        ...intent,
      }),
      'One request for each campaign.',
    ),
  }),
  v.examples([{ requests: [{ id: 'c-17', idempotencyKey: 'b3c9', expect: { status: 'active', revision: 42 } }] }]),
);

/** The answer to a request for one action on several campaigns. */
export const ActManyAnswerSchema = v.pipe(
  shape('ActManyAnswer', 'The outcome of each request.', {
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

/** One move of a campaign: `HistoryEntry` of the contract. */
export const HistoryEntrySchema = shape('HistoryEntry', 'One move of a campaign.', {
  status: text('The status that the campaign moved to.'),
  at: moment('When it moved.'),
  action: v.nullish(text('The action that moved it. Absent: the engine moved it by itself.')),
  changedBy: v.nullish(text('Who or what moved it.')),
  message: v.nullish(text('Plain text with any number of lines, such as the error at that time.')),
});

/** A part of a campaign's history: `HistoryPage` of the contract. */
export const HistoryPageSchema = v.pipe(
  shape('HistoryPage', 'A part of the history of a campaign.', {
    entries: list(HistoryEntrySchema, 'The newest entry comes first.'),
    before: v.nullish(cursor('Where the next older page begins. Opaque. Absent: this is the last page.')),
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

/** A dependency of a campaign: `Dependency` of the contract. */
export const DependencySchema = shape('Dependency', 'Something that a campaign depends on, for its recovery.', {
  kind: text('Such as `channel` or `agent`.'),
  id: id('Identifies it within its kind.'),
  name: text('The name that people use.'),
  state: choice(['running', 'stopped', 'error', 'unknown'], 'Its current state.'),
  message: v.nullish(text('Its own message, such as an error.')),
  href: v.nullish(text('The address where it can be fixed, http or https. Anything else is shown as plain text.')),
});

/** The body of a diagnosis. */
export const DiagnosisSchema = v.pipe(
  shape('Diagnosis', 'Everything that a campaign depends on, in its current state.', {
    dependencies: list(DependencySchema, 'In display order.'),
  }),
  v.examples([{ dependencies: [{ kind: 'channel', id: 'email', name: 'E-mail', state: 'running' }] }]),
);

/** An entry of the engine log: `LogEntry` of the contract. */
export const LogEntrySchema = shape('LogEntry', 'One line, or one block of lines, of the engine log.', {
  text: text('Plain text.'),
  at: v.nullish(moment('When it was written.')),
  level: v.nullish(choice(['debug', 'info', 'warning', 'error'], 'Its severity.')),
});

/** One message of a log: entries to append. */
export const LogEntriesSchema = v.pipe(
  v.array(LogEntrySchema, 'a list'),
  v.title('LogEntries'),
  v.description('Entries to append. The first message has all entries that are kept, and may be empty.'),
  v.examples([[{ text: 'strategy: 120 contacts read', at: '2030-01-31T09:30:00Z', level: 'info' }]]),
);

/** An answer that is not a success, in the format of RFC 9457. */
export const ProblemSchema = v.pipe(
  shape(
    'Problem',
    'The reason for people. Programs use the status code. With 412 it may also hold the current row of the campaign.',
    {
      type: v.nullish(text('A URI reference that names the kind of problem. Absent: `about:blank`.')),
      title: v.nullish(text('The kind of problem in a few words. Shown if there is no `detail`.')),
      status: v.nullish(whole('The status code of the answer.')),
      detail: v.nullish(text('What went wrong this time. Shown to users as it is.')),
      campaign: v.nullish(RecordSchema),
      epoch: v.nullish(text('The epoch of the revision of `campaign`.')),
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

/** Checks a value. @returns where it is wrong, what was received and what to send; `undefined` if it is valid */
export type Check = (value: unknown) => string | undefined;

/** Checks a message of a feed. */
export const checkChange: Check = checkOf(ChangeSchema);
/** Checks a row. */
export const checkRecord: Check = checkOf(RecordSchema);
/** Checks an answer to `get`. */
export const checkReading: Check = checkOf(ReadingSchema);
/** Checks an answer to `act`. */
export const checkActResult: Check = checkOf(ActResultSchema);
/** Checks one value of `diagnose`, a list of dependencies. */
export const checkDependencies: Check = checkOf(DiagnosisSchema.entries.dependencies);
/** Checks one value of `log`, a list of entries. */
export const checkLogEntries: Check = checkOf(LogEntriesSchema);
/** Checks a problem+json body. */
export const checkProblem: Check = checkOf(ProblemSchema);
/** Checks the body of a request for an action. */
export const checkActBody: Check = checkOf(ActBodySchema);
/** Checks the body of a request for one action on several campaigns. */
export const checkActManyBody: Check = checkOf(ActManyBodySchema);
/** Checks the answer to such a request. */
export const checkActManyAnswer: Check = checkOf(ActManyAnswerSchema);
/** Checks an answer to `history`. */
export const checkHistoryPage: Check = checkOf(HistoryPageSchema);

function checkOf(schema: v.GenericSchema): Check {
  return (value) => {
    const issue = v.safeParse(schema, value, { abortEarly: true }).issues?.[0];
    if (!issue) return undefined;
    // Such as `items[3].cause.id`.
    const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
    const where = path.join('').replace(/^\./, '');
    return `${where && `${where}: `}got ${quote(issue.input)}; send ${issue.message}${fixFor(where, issue.input)}`;
  };
}

/** How to fix the most frequent mistakes. */
function fixFor(where: string, got: unknown): string {
  const member = where.replace(/^.*\./, '');
  if (member === 'id' && typeof got === 'number') return ': String(id)';
  if (member === 'revision' && typeof got === 'string') return ': Number(revision)';
  if (got instanceof Date) return `: ${member}.toISOString()`;
  return '';
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
