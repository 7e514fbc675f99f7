import { EMPTY_HISTOGRAM, type Histogram } from './durations';

/** What is counted of attempts. */
export interface Sums {
  readonly attempts: number;
  /** Attempts that were taken: each is a delivery that was delivered. */
  readonly succeeded: number;
  /** Of these, first attempts. */
  readonly deliveredFirst: number;
  /** Deliveries that failed for good. */
  readonly exhausted: number;
  readonly durations: Histogram;
}

export const NOTHING: Sums = {
  ...{ attempts: 0, succeeded: 0, deliveredFirst: 0, exhausted: 0 },
  durations: EMPTY_HISTOGRAM,
};

export function sumOf(one: Sums, other: Sums): Sums {
  return {
    attempts: one.attempts + other.attempts,
    succeeded: one.succeeded + other.succeeded,
    deliveredFirst: one.deliveredFirst + other.deliveredFirst,
    exhausted: one.exhausted + other.exhausted,
    durations: one.durations.map((count, place) => count + other.durations[place]!),
  };
}
