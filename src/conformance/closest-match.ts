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
