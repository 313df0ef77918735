import { parseArgs } from 'node:util';
import { closestMatch } from '../format-value.ts';
import { RULE_SETS, type RuleSet } from '../rule.ts';

/** What `--help` prints. */
export const HELP = `Checks that an adapter, or a backend with the HTTP contract, conforms.

  campaign-status-kit verify <url|module> [options]

  <url>                      the src of a provider; read-only without --control
  <module>                   a file that exports a subject: { system, createAdapter, control?, … }

  --system NAME              the system to watch; default: the subject's own, or flows
  --read-only                send no action and change nothing: for real campaigns
  --control MODULE           a file that exports a backend control, or (url, system) => one
  --only ID,ID               check these rules only
  --rule-set NUMBER          check an older set of rules; default: the newest
  --expected-failures FILE   rules known to be broken, one id per line; the run fails if one of them holds
  --header 'NAME: VALUE'     sent with each request to a url; may be repeated
  --timeout MS               how long to wait for a message or an answer; default 5000
  --json                     print the report as JSON
  --watch                    run again when a source file in the module's folder changes
  --help                     print this text

Exit code: 0 if all required rules hold, 1 if one is broken, 2 if the check could not run.
`;

/** The parsed command line. */
export interface CommandOptions {
  readonly target: string;
  readonly system?: string | undefined;
  readonly readOnly: boolean;
  readonly control?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly ruleSet?: RuleSet | undefined;
  readonly expectedFailures?: string | undefined;
  readonly headers: [string, string][];
  readonly timeoutMs?: number | undefined;
  readonly json: boolean;
  readonly watch: boolean;
}

const OPTIONS = {
  system: { type: 'string' },
  'read-only': { type: 'boolean' },
  control: { type: 'string' },
  only: { type: 'string' },
  'rule-set': { type: 'string' },
  'expected-failures': { type: 'string' },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  watch: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HOST_AND_PORT = /^[\w.-]+:\d+(\/|$)/;

/** The command line is wrong. */
export class UsageError extends Error {}

/** Reads the command line. @throws UsageError */
export function optionsOf(args: readonly string[]): CommandOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const [command, target, ...more] = positionals;
  if (command !== 'verify')
    throw new UsageError(
      command ? `There is no command "${command}"; use verify or backend.` : 'Give a command: verify or backend.',
    );
  if (target === undefined) throw new UsageError('verify: give a url or a module.');
  if (more.length) throw new UsageError(`verify takes one url or module; "${more[0]}" is one too many.`);
  if (HOST_AND_PORT.test(target))
    throw new UsageError(`A url begins with http:// or https://; did you mean http://${target}?`);
  const headers = (values.header ?? []).map(headerOf);
  if (headers.length && !isUrl(target))
    throw new UsageError('--header works only with a url; a module makes its own adapter.');
  const timeoutMs = values.timeout === undefined ? undefined : Number(values.timeout);
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new UsageError(`--timeout: got "${values.timeout}"; give a number of ms above 0.`);
  return {
    target,
    headers,
    timeoutMs,
    system: values.system,
    control: values.control,
    readOnly: values['read-only'] ?? false,
    json: values.json ?? false,
    watch: values.watch ?? false,
    only: values.only?.split(',').filter(Boolean),
    ruleSet: ruleSetOf(values['rule-set']),
    expectedFailures: values['expected-failures'],
  };
}

/** Whether a target is the address of a backend, not the name of a file. */
export function isUrl(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-.*?)'/.exec(message)?.[1] : undefined;
    if (unknown === undefined) throw new UsageError(message);
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    const meant = closestMatch(unknown, names);
    throw new UsageError(`There is no option ${unknown}${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
  }
}

function ruleSetOf(text: string | undefined): RuleSet | undefined {
  if (text === undefined) return undefined;
  const ruleSet = RULE_SETS.find((one) => String(one) === text);
  if (ruleSet === undefined) throw new UsageError(`--rule-set: got "${text}"; give one of: ${RULE_SETS.join(', ')}.`);
  return ruleSet;
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`--header: got "${text}"; give 'name: value'.`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
