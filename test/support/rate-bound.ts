/**
 * By how many requests the busiest span exceeds `burst + perSecond × span`; 0 or less where none does. Recorded times are
 * whole milliseconds, so a span may have been one longer than it seems.
 */
export function excessOf(
  startedAt: readonly number[],
  { perSecond, burst = 1 }: { readonly perSecond: number; readonly burst?: number },
): number {
  const times = [...startedAt].sort((one, other) => one - other);
  let most = -Infinity;
  for (const [first, from] of times.entries()) {
    for (let last = first; last < times.length; last++) {
      const allowed = burst + (perSecond * (times[last]! - from + 1)) / 1_000;
      most = Math.max(most, last - first + 1 - allowed);
    }
  }
  return most;
}
