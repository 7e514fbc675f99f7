import { durationMs } from '../shared/duration';
import { RetrySchedule } from './retry-schedule';

const LONGEST_RETRY_AFTER_MS = durationMs('24h');

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  /** How many attempts have failed so far, this one included. */
  readonly failedAttempts: number;
  /** Now, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Milliseconds that the receiver asked to wait, when it did. */
  readonly retryAfterMs?: number | undefined;
  /**
   * The most that a receiver can ask for, in milliseconds; 0 ignores what it asks.
   * @default 86_400_000 (24 hours)
   */
  readonly retryAfterCeilingMs?: number | undefined;
}

/**
 * When to try again, in milliseconds since the epoch, or undefined when the schedule is exhausted.
 * What the receiver asks for can lengthen the scheduled wait, up to the ceiling, and never shortens it.
 * `random` gives numbers from 0 up to but not including 1.
 */
export function nextAttemptAt(
  schedule: RetrySchedule,
  attempt: FailedAttempt,
  random: () => number,
): number | undefined {
  const { failedAttempts, nowMs, retryAfterMs = 0, retryAfterCeilingMs = LONGEST_RETRY_AFTER_MS } = attempt;
  const waitMs = schedule.waitMs(failedAttempts, random);
  if (waitMs === undefined) return undefined;
  return nowMs + Math.max(waitMs, Math.min(retryAfterMs, retryAfterCeilingMs));
}
