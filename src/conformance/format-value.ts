/** How values are quoted in traces and failures. */

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
