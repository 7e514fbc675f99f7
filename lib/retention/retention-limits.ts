import { MOST_DRIFT_MS } from '../shared/clock';
import { earliestIdentifier } from '../shared/identifier';

/** How long what is over is kept, in milliseconds. */
export interface RetentionLimits {
  /** Deliveries that were delivered or canceled, from then on. */
  readonly deliveredMs: number;
  /** Deliveries that have failed for good, from then on. */
  readonly failedMs: number;
  /** Events that no delivery is left of, from when they were published. */
  readonly eventMs: number;
  /** The payloads of events that nothing is pending of; null for as long as the event. */
  readonly payloadMs: number | null;
  /** What receivers answered, from when the delivery was over; null for as long as the delivery. */
  readonly answerMs: number | null;
  /** Sums of an hour. */
  readonly statisticsMs: number;
}

/** For how many days what is over is kept where nobody says otherwise. */
export const USUAL_DAYS = { delivered: 30, failed: 90, event: 30, statistics: 90 } as const;

export abstract class RetentionSettings {
  /** Null keeps everything. */
  abstract readonly retention: RetentionLimits | null;
}

/** What may go: what was over by these moments, in milliseconds since the epoch. Null is nothing. */
export interface Cutoffs {
  readonly delivered: number;
  readonly failed: number;
  readonly events: number;
  readonly replays: number;
  readonly statistics: number;
  readonly payloads: number | null;
  readonly answers: number | null;
}

/** What retention removes, or takes the body of, in the order of ids. */
export type Perishable = 'deliveries' | 'events' | 'replays' | 'answers' | 'payloads';

export function cutoffsAt(now: number, limits: RetentionLimits): Cutoffs {
  const before = (ms: number | null) => (ms === null ? null : now - ms);
  return {
    delivered: now - limits.deliveredMs,
    failed: now - limits.failedMs,
    events: now - limits.eventMs,
    replays: now - Math.max(limits.deliveredMs, limits.failedMs, limits.eventMs),
    statistics: now - limits.statisticsMs,
    payloads: before(limits.payloadMs),
    answers: before(limits.answerMs),
  };
}

/** The id that nothing reaches that may go, whatever clock has dated it; null where nothing may. */
export function endOf(kind: Perishable, cutoffs: Cutoffs): string | null {
  const [prefix, cutoff] = {
    deliveries: ['dlv', Math.max(cutoffs.delivered, cutoffs.failed)] as const,
    events: ['evt', cutoffs.events] as const,
    replays: ['rpl', cutoffs.replays] as const,
    answers: ['dlv', cutoffs.answers] as const,
    payloads: ['evt', cutoffs.payloads] as const,
  }[kind];
  return cutoff === null ? null : earliestIdentifier(prefix, Math.max(0, cutoff + MOST_DRIFT_MS));
}
