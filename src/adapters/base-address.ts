import { baseOfPage } from './page-environment.ts';

/** The address below which the contract's paths lie. */
export interface BaseAddress {
  /** Ends with a slash. */
  readonly path: string;
  /** The query that each request carries, without its question mark. */
  readonly query: string;
}

/**
 * Resolves `src` once, so that a later navigation of a single-page app changes nothing. Credentials are dropped, because `fetch`
 * refuses an address that has them; a page has them if it was opened as `https://user:password@host/`.
 *
 * @throws TypeError for a value that can't be an address of a backend
 */
export function baseAddress(src: unknown): BaseAddress {
  if (typeof src !== 'string' || !src.trim())
    throw new TypeError(
      'httpAdapter: `src` is missing; call httpAdapter({ src }) with the address below which `{system}/watch` is found',
    );
  const given = src.trim();
  const page = baseOfPage();
  const wrong = (why: string): TypeError =>
    new TypeError(
      `httpAdapter: \`src\` is ${JSON.stringify(given.slice(0, 60))}, ${why}; give the address below which \`{system}/watch\` is found`,
    );
  if (given.includes('#')) throw wrong('which has a fragment that no server sees');
  const isWhole = /^[a-z][a-z0-9+.-]*:/i.test(given);
  // Without a page, the host's own `fetch` has to resolve it.
  if (page === undefined && !isWhole) return split(given);
  if (!URL.canParse(given, page)) throw wrong('which is no address');
  const url = new URL(given, page);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong('which is not http or https');
  url.username = url.password = url.hash = '';
  return split(url.href);
}

/** The address of a path below the base. @param path may have a query of its own */
export function addressOf({ path: base, query }: BaseAddress, path: string): string {
  if (!query) return `${base}${path}`;
  return `${base}${path}${path.includes('?') ? '&' : '?'}${query}`;
}

function split(address: string): BaseAddress {
  const [path = '', query = ''] = address.split(/\?(.*)/s);
  return { path: path.endsWith('/') ? path : `${path}/`, query };
}
