/**
 * Converters for properties: null and undefined give the default, values of other types are
 * converted. They are the converters of properties, see {@link property}.
 */
import type { Timestamp } from '../../../adapters/contract.ts';
import type { Lifecycle } from '../../../lifecycle/index.ts';
import type { Translations } from '../../../i18n/translations.ts';
import type { CampaignStore, CampaignView } from '../../../store/types.ts';
import { isAbsent } from '../../../util/is-absent.ts';

/** The result of a converter for a value that it can't convert. */
export class Unusable {
  /** The type that it takes, as TypeScript names it. */
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

/** `false` counts as absent, because frameworks also remove an attribute by `false`. */
function isNone(value: unknown): value is null | undefined | false {
  return isAbsent(value) || value === false;
}

/** Converts any value to text: no value to `''`, an error to its message. */
export function text(value: unknown): string {
  if (isNone(value)) return '';
  if (typeof value !== 'object') return (value as string | number | bigint | symbol | true).toString();
  try {
    if ('message' in value && typeof value.message === 'string' && value.message) return value.message;
    const printed = (value as { toString(): string }).toString();
    return printed.startsWith('[object ') ? JSON.stringify(value) : printed;
  } catch {
    return '';
  }
}

/** Like {@link text}, but no value gives `undefined`. */
export function optionalText(value: unknown): string | undefined {
  return isNone(value) ? undefined : text(value);
}

/** Words in a text, separated by spaces, or in a list. */
export function words(value: unknown): string | readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return optionalText(value);
  return Array.from(value as Iterable<unknown>, text);
}

/** One of these words; any other value gives the first one. */
export function oneOf<W extends string>(...options: readonly [W, ...W[]]): (value: unknown) => W {
  return (value) => options.find((option) => option === value) ?? options[0];
}

/** A number; any other value gives the default. */
export function numberOr(standard: number): (value: unknown) => number {
  return (value) => {
    const number = typeof value === 'string' && value.trim() ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : standard;
  };
}

/** A time as the host gave it. */
export function time(value: unknown): Timestamp | undefined {
  if (isNone(value) || value === '') return undefined;
  if (value instanceof Date) return value.getTime();
  return typeof value === 'number' ? value : text(value);
}

/** Like {@link time}, for a time that is required. */
export function readableTime(value: unknown): Timestamp | undefined | Unusable {
  const given = time(value);
  return given === undefined || millisecondsOf(given) !== undefined ? given : new Unusable('Timestamp (ISO 8601)');
}

/** In ms since 1970; `undefined` for what is no time. A text of digits is ms, too, unless it can be a year. */
export function millisecondsOf(value: Timestamp | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = typeof value === 'number' || /^\s*\d{11,}(\.\d+)?\s*$/.test(value) ? Number(value) : Date.parse(value);
  return Math.abs(ms) <= LATEST_MS ? ms : undefined;
}
const LATEST_MS = 8.64e15;

/** An object that passes the test; no value gives the default. @param type as TypeScript names it */
export function objectLike<T>(
  type: string,
  test: (value: Partial<Record<keyof NonNullable<T>, unknown>>) => boolean,
  standard: T,
): (value: unknown) => T | Unusable {
  return (value) => {
    if (isAbsent(value)) return standard;
    try {
      if (typeof value === 'object' && test(value)) return value as T;
    } catch {
      // A getter threw.
    }
    return new Unusable(type);
  };
}

/** A store, also of another copy of the kit. */
export const toStore = objectLike<CampaignStore | undefined>(
  'CampaignStore',
  ({ campaign, list }) => typeof campaign === 'function' && typeof list === 'function',
  undefined,
);

/** A view from a store. */
export const toView = objectLike<CampaignView | undefined>(
  'CampaignView',
  ({ ref, status, actions }) => isObject(ref) && typeof status === 'string' && Array.isArray(actions),
  undefined,
);

/** A translation. What is not in it is shown in English. */
export const toTranslations = objectLike<Translations | undefined>('Translations', () => true, undefined);

/** A lifecycle that was checked. */
export const toLifecycle = objectLike<Lifecycle | undefined>('Lifecycle', isLifecycle, undefined);

/** True for an object, as opposed to null or a function. */
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Whether a value has what every lifecycle has. */
export function isLifecycle({ system, statuses, actions }: Partial<Record<keyof Lifecycle, unknown>>): boolean {
  return typeof system === 'string' && typeof statuses === 'object' && typeof actions === 'object';
}
