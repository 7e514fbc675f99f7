import fc from 'fast-check';
import { DURATION_BOUNDS_MS, EMPTY_HISTOGRAM, placeOf, quantile } from '../../lib/statistics/durations';

function histogramOf(durations: readonly number[]): number[] {
  const histogram = [...EMPTY_HISTOGRAM];
  durations.forEach((duration) => (histogram[placeOf(duration)]! += 1));
  return histogram;
}

describe('How long attempts took', () => {
  it('lies between the bounds that the true quantile lies between', () => {
    const longest = DURATION_BOUNDS_MS.at(-1)!;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: longest }), { minLength: 1 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (durations, share) => {
          const sorted = [...durations].sort((one, other) => one - other);
          const place = placeOf(sorted[Math.ceil(share * sorted.length) - 1]!);
          const read = quantile(histogramOf(durations), share)!;
          expect(read).toBeLessThanOrEqual(DURATION_BOUNDS_MS[place]!);
          expect(read).toBeGreaterThanOrEqual(place === 0 ? 0 : DURATION_BOUNDS_MS[place - 1]!);
        },
      ),
    );
  });

  it('is spread evenly between two bounds', () => {
    expect(quantile(histogramOf([300, 300, 400, 400]), 0.5)).toBe(375);
  });

  it('is the last bound where it was longer, and nothing where there was nothing', () => {
    expect(quantile(histogramOf([60_000]), 0.5)).toBe(30_000);
    expect(quantile(EMPTY_HISTOGRAM, 0.5)).toBeNull();
  });
});
