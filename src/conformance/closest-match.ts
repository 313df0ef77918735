/** Edits that a typing mistake needs: two letters swapped count as two. */
const MAX_DISTANCE = 2;

/** The word that was most likely meant, if one is close enough. */
export function closestMatch(typed: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, far: distance(typed, word) }))
    .filter(({ far }) => far <= MAX_DISTANCE)
    .sort((a, b) => a.far - b.far);
  return best?.word;
}

/** The Levenshtein distance: how many letters must be inserted, deleted or replaced. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++)
      line.push(
        Math.min(
          above[column]! + 1,
          line[column - 1]! + 1,
          above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1),
        ),
      );
    above = line;
  }
  return above[b.length]!;
}
