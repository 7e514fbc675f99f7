/** The candidate that differs least from `text`, if it differs in few letters only. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const few = Math.max(2, text.length / 4);
  const ranked = candidates
    // Each letter that one has more is a difference, and to count the others takes its time.
    .filter((candidate) => Math.abs(candidate.length - text.length) <= few)
    .map((candidate) => ({ candidate, distance: editDistance(text, candidate) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  return best && best.distance <= few ? best.candidate : undefined;
}

/** How many letters must be added, removed or replaced (Levenshtein). */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = previous[column - 1]! + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[other.length]!;
}
