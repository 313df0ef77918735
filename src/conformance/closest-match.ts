/** A slip of the finger: one letter swapped, dropped, doubled or taken for another, or two of these. */
const SLIPS = 2;

/** The word that was most likely meant, if one is near. */
export function closestMatch(typed: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, far: distance(typed, word) }))
    .filter(({ far }) => far <= SLIPS)
    .sort((a, b) => a.far - b.far);
  return best?.word;
}

/** How many letters must be put in, taken out or replaced to make one of the other (Levenshtein). */
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
