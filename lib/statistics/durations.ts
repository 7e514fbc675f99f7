/** What attempts are counted by, in milliseconds: at most so long. What took longer is counted besides. */
export const DURATION_BOUNDS_MS = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000] as const;

/** How many attempts fell between each bound and the one before; the last number is of those beyond all bounds. */
export type Histogram = readonly number[];

export const EMPTY_HISTOGRAM: Histogram = [...DURATION_BOUNDS_MS, Infinity].map(() => 0);

/** Where in a histogram a duration is counted. */
export function placeOf(durationMs: number): number {
  const place = DURATION_BOUNDS_MS.findIndex((bound) => durationMs <= bound);
  return place === -1 ? DURATION_BOUNDS_MS.length : place;
}

/**
 * How long at most the given share of attempts took, in milliseconds, taking them to be spread evenly between two
 * bounds; null where there were none. Beyond the last bound all that is known is that it took longer.
 */
export function quantile(histogram: Histogram, share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = share * total;
  for (const [place, upper] of DURATION_BOUNDS_MS.entries()) {
    const count = histogram[place]!;
    const lower = place === 0 ? 0 : DURATION_BOUNDS_MS[place - 1]!;
    if (count > 0 && left <= count) return Math.round(lower + ((upper - lower) * left) / count);
    left -= count;
  }
  return DURATION_BOUNDS_MS.at(-1)!;
}
