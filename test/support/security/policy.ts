/** Reads the instructions for hosts from docs/security.md, so that the tests send and run what that page says. */
import { readFileSync } from 'node:fs';

const document = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');

/** The block of headers, with its folded lines joined. */
export const documentedHeaders: ReadonlyMap<string, string> = new Map(
  (/^```http\n([^]*?)^```$/m.exec(document)?.[1] ?? '')
    .replaceAll(/\n +/g, ' ')
    .split('\n')
    .filter(Boolean)
    .map((line) => /^([\w-]+): ?(.*)$/.exec(line)!)
    .map(([, name, value]) => [name!.toLowerCase(), value!.trim()]),
);

/** A content security policy: the sources of each directive. */
export type Policy = ReadonlyMap<string, readonly string[]>;

export function parsePolicy(text: string): Policy {
  return new Map(
    text
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .filter(([name]) => name)
      .map(([name, ...sources]) => [name!, sources]),
  );
}

export function printPolicy(policy: Policy): string {
  return [...policy].map((directive) => directive.flat().join(' ')).join('; ');
}

/** The strictest policy under which everything works. */
export const documentedPolicy: Policy = parsePolicy(documentedHeaders.get('content-security-policy') ?? '');

/** How a backend tells the kit's requests from those of other sites. */
export const { isOurs } = (await import(
  `data:text/javascript,${encodeURIComponent(/^```js\n([^]*?)^```$/m.exec(document)?.[1] ?? '')}`
)) as { isOurs(headers: Headers, origin: string): boolean };
