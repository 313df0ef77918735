/** Sample error messages and log lines. Messages are plain text, often of several lines. */
import type { LogEntry } from '../src/adapters/contract.ts';
import type { DependencyState } from './dependencies.ts';
import type { SeededRandom } from './random.ts';

/** An error: the message that the tag shows, and the trace that the engine logs. */
export interface CampaignError {
  readonly message: string;
  readonly trace: string;
}

type Keys = readonly (string | number)[];

/** The `n`-th item in turn, so that consecutive errors of a campaign differ. */
function turn<T>(random: SeededRandom, items: readonly T[], n: number, keys: Keys): T {
  return items[(random.between(0, items.length - 1, 'turn', ...keys) + n) % items.length] as T;
}

/** A dependency of a campaign is not running. */
export function dependencyError(
  random: SeededRandom,
  part: Omit<DependencyState, 'id'>,
  n: number,
  keys: Keys,
): CampaignError {
  const { kind } = part;
  const held = random.between(3, 940, 'held', n, ...keys);
  const batch = random.between(2, 61, 'batch', n, ...keys);
  const quote = part.message === undefined ? '' : `\n${part.name} says: ${part.message}`;
  const what = part.state === 'error' ? 'is in error' : 'is not running';
  const texts =
    kind === 'agent'
      ? [
          `Agent “${part.name}” ${what}; the step that waits for its answer gave up after 3 tries.${quote}`,
          `The flow reached agent “${part.name}”, which ${what}.\n${held} participants are held at this step.${quote}`,
          `No answer from agent “${part.name}” (it ${what}).\nBatch ${batch} was put back into the queue, nothing was sent.${quote}`,
        ]
      : [
          `Channel “${part.name}” ${what}: ${held} messages could not be handed over.${quote}`,
          `Sending stopped in batch ${batch}, because channel “${part.name}” ${what}.\n${held} contacts still wait for their message.${quote}`,
          `The hand-over to channel “${part.name}” was refused: it ${what}.\nStart again once it runs; nobody is written to twice.${quote}`,
        ];
  const message = turn(random, texts, n, keys);
  const error = kind === 'agent' ? 'AgentUnavailable' : 'ChannelUnavailable';
  return {
    message,
    trace: traceback(
      [
        [
          'engine/dispatch.py',
          random.between(60, 210, 'line', ...keys),
          'send_batch',
          `gate.hand_over(batch=${batch})`,
        ],
        [`engine/${kind}s.py`, random.between(20, 90, 'gate', ...keys), 'hand_over', 'raise self.unavailable()'],
      ],
      `${error}: ${part.name} ${what}`,
    ),
  };
}

const EXCEPTIONS = [
  {
    error: "KeyError: 'preferred_locale'",
    place: ['map_contact', "locale = row['preferred_locale']"],
    hint: 'The contact file has no column of this name.',
  },
  {
    error: "ValueError: time data '31/02' does not match format '%d/%m'",
    place: ['birthday_window', "day = datetime.strptime(row['birthday'], '%d/%m')"],
    hint: 'The row was read from the second sheet of the upload.',
  },
  {
    error: 'TimeoutError: crm.internal did not answer within 30 s',
    place: ['load_segment', 'rows = crm.query(segment, timeout=30)'],
    hint: 'Tried 5 times, with growing pauses.',
  },
  {
    error: "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 17: invalid continuation byte",
    place: ['read_upload', 'for row in csv.DictReader(source):'],
    hint: 'The contact file looks like Latin-1; save it as UTF-8 and upload it again.',
  },
  {
    error: 'ZeroDivisionError: division by zero',
    place: ['score', 'rate = opened / delivered'],
    hint: 'No message was delivered to this contact yet.',
  },
  {
    error: "AttributeError: 'NoneType' object has no attribute 'lower'",
    place: ['normalise_mail', "return row.get('mail').lower()"],
    hint: 'The contact has no mail address.',
  },
] as const;

/** An exception of the Data Load strategy. */
export function strategyError(random: SeededRandom, n: number, keys: Keys): CampaignError {
  const { error, place, hint } = turn(random, EXCEPTIONS, n, keys);
  const [name, code] = place;
  const line = random.between(18, 240, 'line', n, ...keys);
  const contact = random.between(12, 48_000, 'contact', n, ...keys).toLocaleString('en');
  return {
    message: `Data Load strategy failed at contact ${contact}.\n${error}\n  in data_load.py, line ${line}, ${name}()\n${hint}`,
    trace: traceback(
      [
        ['engine/run.py', 142, 'run_window', 'strategy.load(window)'],
        ['data_load.py', line, name, code],
      ],
      error,
    ),
  };
}

const FLOW_ERRORS = [
  (n: number) =>
    `Step “Wait for purchase” has no path for participants without a purchase date.\n${n} participants are stuck there.`,
  (n: number) => `The template “Reminder, second try” uses {{first_name}}, which ${n} participants do not have.`,
  (n: number) =>
    `The trigger “Cart left behind” fired ${n} times within a minute and was switched off to protect your contacts.`,
  (n: number) =>
    `The segment this flow starts from was deleted.\n${n} participants have already entered; nobody new can.`,
  (n: number) => `Webhook “Loyalty points” answered 500 for ${n} participants in a row; the flow gave up.`,
];

/** An error of a flow itself. */
export function flowError(random: SeededRandom, n: number, keys: Keys): CampaignError {
  const message = turn(random, FLOW_ERRORS, n, keys)(random.between(2, 780, 'stuck', n, ...keys));
  return { message, trace: message };
}

/** An error with a given message. */
export function customError(message: string): CampaignError {
  const [first = message] = message.split('\n', 1);
  return { message, trace: traceback([['engine/run.py', 142, 'run_window', 'strategy.load(window)']], first) };
}

const REASONS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'channel stopped',
    [
      'the provider refused the login (535 5.7.8)',
      'the certificate of the gateway has expired',
      'the quota of today is used up',
      'switched off by an administrator',
    ],
  ],
  [
    'agent error',
    [
      'the language model answered 529 three times in a row',
      'its prompt has no value for “brand voice”',
      'the answer was not valid JSON',
    ],
  ],
]);

/** A reason why a dependency of this kind is in this state, if the samples have one. */
export function dependencyReason(random: SeededRandom, kind: string, state: string, ...keys: Keys): string | undefined {
  const reasons = REASONS.get(`${kind} ${state}`);
  return reasons && random.pick(reasons, 'part', kind, ...keys);
}

/** A line of strategy output during processing. */
export function progressLine(random: SeededRandom, contacts: number, total: number, keys: Keys): LogEntry {
  const batch = random.between(20, 260, 'batch', ...keys);
  const skipped = random.between(0, 4, 'skipped', ...keys);
  const window = `${String(random.between(8, 19, 'hour', ...keys)).padStart(2, '0')}:00`;
  const lines: readonly LogEntry[] = [
    {
      level: 'info',
      text: `strategy: ${batch} contacts read, ${batch - skipped} queued, ${skipped} skipped (no consent)`,
    },
    { level: 'info', text: `dispatch: ${contacts} messages handed over, ${total.toLocaleString('en')} in this run` },
    { level: 'debug', text: `window ${window}: ${contacts} of ${batch} contacts due` },
    { level: 'info', text: `strategy: print> segment=vip size=${batch}` },
    {
      level: 'warning',
      text: `strategy: contact ${random.between(1_000, 99_999, 'id', ...keys)} has no time zone, took Europe/Berlin`,
    },
  ];
  return random.pick(lines, 'progress', ...keys);
}

/** The log line of a start. */
export function startLine(random: SeededRandom, by: string, dependency: string, keys: Keys): LogEntry {
  const contacts = random.between(800, 62_000, 'contacts', ...keys).toLocaleString('en');
  return {
    level: 'info',
    text: `engine: started by ${by}; strategy data_load.py, ${contacts} contacts, ${dependency}`,
  };
}

/** The log line of a stop. */
export function stopLine(random: SeededRandom, by: string, keys: Keys): LogEntry {
  return {
    level: 'info',
    text: `engine: stopped by ${by}; ${random.between(0, 140, 'left', ...keys)} messages left for the next start`,
  };
}

/** The log line of a force stop. */
export function haltLine(by: string): LogEntry {
  return { level: 'warning', text: `engine: halted by ${by}; the failed run was cleared away` };
}

function traceback(
  frames: readonly (readonly [file: string, line: number, name: string, code: string])[],
  error: string,
): string {
  const lines = frames.map(([file, line, name, code]) => `  File "${file}", line ${line}, in ${name}\n    ${code}`);
  return ['Traceback (most recent call last):', ...lines, error].join('\n');
}
