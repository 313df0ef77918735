import type { CampaignRef } from '../adapters/contract.ts';
import { text } from './shared/base/converters.ts';

/** The pages of a host that elements link to. A lifecycle may name others. */
export type RouteName =
  'campaign' | 'channels' | 'agents' | 'contacts' | 'strategy' | 'flows' | 'participants' | 'analytics' | (string & {});

/** The parameters of a route. */
export interface RouteTarget {
  readonly ref: CampaignRef;
  /** The one channel or agent that is meant, if it is one. */
  readonly dependency?: { readonly kind: string; readonly id: string };
}

/**
 * Where the host's pages are: an address, in which `{system}`, `{id}` (of the campaign), `{kind}` and `{dependency}` are
 * filled in, or a function that makes one. A name without route becomes a button. Both fire `campaign-navigate`, which a router can answer.
 */
export type Routes = { readonly [name in RouteName]?: string | ((target: RouteTarget) => string | undefined) };

/**
 * The address of a host page, or `undefined` where there is none. Only http and https get through: an address may come from
 * data, and `javascript:` must never become a link.
 */
export function routeTo(routes: Routes, name: RouteName, target: RouteTarget): string | undefined {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  const address = text(typeof route === 'function' ? route(target) : fill(text(route), target));
  return address === '' ? undefined : safeHref(address);
}

/** An address that is safe to link to, absolute; `undefined` for anything but http and https, and for one that signs in. */
export function safeHref(address: string): string | undefined {
  try {
    const url = new URL(address, document.baseURI);
    // `https://bank.example@elsewhere.example` is a page of elsewhere's.
    if (url.username || url.password) return undefined;
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The address with its placeholders filled in; `undefined` if a value would lead to another page. */
function fill(route: string, { ref, dependency }: RouteTarget): string | undefined {
  const values = new Map([
    ['system', ref.system],
    ['id', ref.id],
    ['kind', dependency?.kind ?? ''],
    ['dependency', dependency?.id ?? ''],
  ]);
  let lost = false;
  const address = route.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values.get(name);
    // URL parsers remove `.` and `..` from a path, even escaped.
    lost ||= value === '.' || value === '..';
    // `encodeURIComponent` throws for half a surrogate pair, which an id may contain.
    return value === undefined ? whole : encodeURIComponent(value.toWellFormed());
  });
  return lost ? undefined : address;
}
