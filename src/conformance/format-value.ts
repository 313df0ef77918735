/** The words of traces, failures and errors. */

const LONGEST = 300;

/** One line, at most a few hundred characters. */
export function formatValue(value: unknown, longest: number = LONGEST): string {
  const text = textOf(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}

/** The name, code and message of what was thrown. */
export function formatError(error: unknown): string {
  if (!(error instanceof Error)) return `${formatValue(error)}, which is not an Error`;
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? ` (${error.cause.message || formatError(error.cause)})` : '';
  return formatValue(`${error.name}${typeof code === 'string' ? ` ${code}` : ''}: ${error.message}${cause}`);
}

/** The code of an AdapterError, also of one that another copy of the kit made. */
export function codeOf(error: unknown): unknown {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  return name === 'AdapterError' ? code : undefined;
}

/** Words for a sentence, such as `"active" or "error"`. */
export function listed(words: readonly string[], and: 'and' | 'or' = 'or'): string {
  return words.map((word) => `"${word}"`).join(` ${and} `);
}

function textOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'string') return value;
  if (typeof value === 'function') return 'a function';
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** The word that was most likely meant, if one is at most two edits away. Two letters that are swapped count as two. */
export function closestMatch(typed: string, words: readonly string[]): string | undefined {
  return [0, 1, 2].flatMap((edits) => words.filter((word) => isWithin(edits, typed, word)))[0];
}

/** Whether so many letters inserted, deleted or replaced make one text of the other. */
function isWithin(edits: number, a: string, b: string): boolean {
  if (edits < 0) return false;
  if (!a || !b) return a.length + b.length <= edits;
  if (a[0] === b[0]) return isWithin(edits, a.slice(1), b.slice(1));
  return (
    isWithin(edits - 1, a.slice(1), b) ||
    isWithin(edits - 1, a, b.slice(1)) ||
    isWithin(edits - 1, a.slice(1), b.slice(1))
  );
}
