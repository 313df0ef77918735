import type { CampaignRow } from './parse-record.ts';

type Compare<T> = (a: T, b: T) => number;

const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Compares names as people sort them: without regard to case and accents, and numbers by their value. */
export const compareNames: Compare<string> = compare;

/** The order of lists by name, or by time and then by name. Equal rows are ordered by id, whatever the direction. */
export function rowOrder(sort: 'name' | 'at', descending: boolean): Compare<CampaignRow> {
  const sign = descending ? -1 : 1;
  const byName: Compare<CampaignRow> = (a, b) => sign * compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
  return sort === 'name' ? byName : (a, b) => sign * (timeOf(a) - timeOf(b)) || byName(a, b);
}

/** The time by which lists sort a row (ms since 1970). */
export function timeOf({ at = 0 }: CampaignRow): number {
  return at;
}

/** Compares places in a list of names like {@link compareNames}, but faster: a key of each name is made once. */
export function nameComparison(names: readonly string[]): Compare<number> {
  const keys = names.map(sortKey);
  return (a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (one === undefined || other === undefined) return compare(names[a]!, names[b]!);
    return one < other ? -1 : one > other ? 1 : 0;
  };
}

/** Names of plain letters, digits and blanks. Collators cut numbers of more than 254 digits. */
const PLAIN = /^(?!.*\d{255})[A-Za-z0-9 ]*$/;

/** A text that sorts as the collator sorts the name: in one case, and each number after the number of its digits. Only for plain names. */
function sortKey(name: string): string | undefined {
  if (!PLAIN.test(name) || !(plainLetters ??= sortsLikeEnglish())) return undefined;
  return name
    .toLowerCase()
    .replace(/0*(\d+)/g, (_, digits: string) => `0${String.fromCharCode(48 + digits.length)}${digits}`);
}

/** False in languages that sort some plain letters in their own way, such as "ch" in Czech or "aa" in Danish. */
let plainLetters: boolean | undefined;

function sortsLikeEnglish(): boolean {
  const characters = [...' 0abcdefghijklmnopqrstuvwxyz'];
  const words = characters.flatMap((one) => [
    one,
    ...characters.filter((other) => one + other !== '00').map((other) => one + other),
  ]);
  return words.every(
    (word, place) => compare(word, word.toUpperCase()) === 0 && (place === 0 || compare(words[place - 1]!, word) < 0),
  );
}
