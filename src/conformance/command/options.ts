import { parseArgs } from 'node:util';
import { closestMatch } from '../closest-match.ts';

/** What `--help` prints. */
export const HELP = `Proves that an adapter, or a backend that speaks the HTTP contract, is right.

  campaign-status-kit verify <url|module> [options]

  <url>                      the src of a provider; read-only unless there is a back door
  <module>                   a file that exports a subject: { system, createAdapter, control?, … }

  --system NAME              the system to watch; default: the subject's own, or flows
  --read-only                never act, never use the back door: for campaigns that are real
  --control MODULE         a file that exports a back door, or (url, system) => one
  --only ID,ID               these rules only
  --expected-failures FILE   rules known to be broken, one id per line; one that holds fails the run
  --header 'NAME: VALUE'     sent with each request to a url; may be repeated
  --timeout MS              how long to wait for what must come; default 5000
  --json                     the report as JSON
  --watch                    again whenever a source file of the module's folder changes
  --help                     this text

It exits with 0 if every rule that must hold does, with 1 if one does not, and with 2 if it could not find out.
`;

/** What was typed. */
export interface CommandOptions {
  readonly target: string;
  readonly system?: string;
  readonly readOnly: boolean;
  readonly control?: string;
  readonly only?: readonly string[];
  readonly expectedFailures?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly timeouts?: number;
  readonly json: boolean;
  readonly watch: boolean;
}

const OPTIONS = {
  system: { type: 'string' },
  'read-only': { type: 'boolean' },
  control: { type: 'string' },
  only: { type: 'string' },
  'expected-failures': { type: 'string' },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  watch: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HOST_AND_PORT = /^[\w.-]+:\d+(\/|$)/;

/** What was typed is wrong. */
export class UsageError extends Error {}

/** Reads the command line. @throws UsageError */
export function optionsOf(args: readonly string[]): CommandOptions | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help) return 'help';
  const [command, target, ...more] = positionals;
  if (command !== 'verify')
    throw new UsageError(command ? `There is no command "${command}"; there is: verify.` : 'Give a command: verify.');
  if (target === undefined) throw new UsageError('verify: give a url or a module.');
  if (more.length) throw new UsageError(`verify takes one url or module, and got "${more[0]}" besides.`);
  if (HOST_AND_PORT.test(target))
    throw new UsageError(`A url begins with http:// or https://; did you mean http://${target}?`);
  const headers = (values.header ?? []).map(headerOf);
  if (headers.length && !isUrl(target))
    throw new UsageError('--header goes with a url; a module makes its own adapter.');
  const timeouts = values.timeout === undefined ? undefined : Number(values.timeout);
  if (timeouts !== undefined && !(timeouts > 0))
    throw new UsageError(`--timeout: got "${values.timeout}"; give ms above 0.`);
  const { system, control, 'expected-failures': expectedFailures, only } = values;
  return {
    target,
    headers,
    readOnly: values['read-only'] ?? false,
    json: values.json ?? false,
    watch: values.watch ?? false,
    ...(system === undefined ? {} : { system }),
    ...(control === undefined ? {} : { control }),
    ...(expectedFailures === undefined ? {} : { expectedFailures }),
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(only === undefined ? {} : { only: only.split(',').filter(Boolean) }),
  };
}

/** Whether it is the address of a backend, and not the name of a file. */
export function isUrl(target: string): boolean {
  return /^https?:\/\//i.test(target);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: OPTIONS,
    });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'(-.*?)'/.exec(message)?.[1] : undefined;
    if (unknown === undefined) throw new UsageError(message);
    const meant = closestMatch(
      unknown,
      Object.keys(OPTIONS).map((name) => `--${name}`),
    );
    throw new UsageError(`There is no option ${unknown}${meant === undefined ? '.' : `; did you mean ${meant}?`}`);
  }
}

function headerOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`--header: got "${text}"; give 'name: value'.`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
