import { inspect } from 'node:util';

import { Duration, durationMs } from '../shared/duration';
import { WebhooksConfigurationError } from '../shared/webhooks.error';

/** The waits that Standard Webhooks recommends: ten attempts over about three days. */
const STANDARD_WAITS: readonly Duration[] = ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'];
const MOST_WAITS = 100;
const LONGEST_WAIT_MS = durationMs('365d');
const NO_RETRIES = 'none';

export interface RetryScheduleOptions {
  /**
   * By which share a wait is made longer or shorter at random, from 0 (never) to 1 (anything from nothing to double),
   * so that deliveries that failed together are not all tried again in the same instant.
   * @default 0.2
   */
  jitter?: number;
}

/** When to try again: one wait for each retry. */
export class RetrySchedule {
  private readonly waitsMs: readonly number[];
  private readonly jitter: number;

  /**
   * @param waits the wait before each retry, at most 100 of at most 365 days; an empty list means no retries. By default
   * those of Standard Webhooks: 5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h and 24h
   * @throws WebhooksConfigurationError when a wait or the jitter is out of its range
   */
  constructor(waits: readonly Duration[] = STANDARD_WAITS, { jitter = 0.2 }: RetryScheduleOptions = {}) {
    assertList(waits);
    assertShare(jitter);
    this.waitsMs = waits.map(validWaitMs);
    this.jitter = jitter;
  }

  /**
   * A schedule from text, for environment variables: waits with a comma between, or `none` for no retries.
   * An empty text is refused, because an empty variable is more often forgotten than meant.
   * @example RetrySchedule.parse('5s, 5m, 2h')
   * @throws WebhooksConfigurationError when the text is not that
   */
  static parse(text: string, options?: RetryScheduleOptions): RetrySchedule {
    if (text.trim() === NO_RETRIES) return new RetrySchedule([], options);
    const waits = text.split(',').map((wait) => wait.trim() as Duration);
    return new RetrySchedule(waits, options);
  }

  /** How many attempts there are in all, the first one included. */
  get attempts(): number {
    return this.waitsMs.length + 1;
  }

  /**
   * Milliseconds to wait after `failedAttempts` attempts (0 before the first, which is made at once), or undefined when
   * there are no more. `random` gives numbers from 0 up to but not including 1.
   */
  waitMs(failedAttempts: number, random: () => number): number | undefined {
    if (failedAttempts === 0) return 0;
    const waitMs = this.waitsMs[failedAttempts - 1];
    if (waitMs === undefined) return undefined;
    return Math.round(waitMs * (1 + this.jitter * (2 * random() - 1)));
  }
}

function assertList(waits: readonly Duration[]): void {
  if (!Array.isArray(waits)) throw unexpected('retry.schedule', 'a list of waits such as ["5s", "5m"]', waits);
  if (waits.length <= MOST_WAITS) return;
  throw new WebhooksConfigurationError(
    `Expected retry.schedule to be a list of at most ${MOST_WAITS} waits, got ${waits.length}.`,
  );
}

function assertShare(jitter: number): void {
  if (!(jitter >= 0 && jitter <= 1)) throw unexpected('retry.jitter', 'a number from 0 to 1', jitter);
}

function validWaitMs(wait: Duration): number {
  const waitMs = parsedWaitMs(wait);
  if (waitMs <= LONGEST_WAIT_MS) return waitMs;
  throw unexpected('retry.schedule', 'waits of at most 365 days', wait);
}

function parsedWaitMs(wait: Duration): number {
  try {
    return durationMs(wait);
  } catch (cause) {
    throw unexpected('retry.schedule', 'waits in milliseconds or such as "5s", "30m" or "2h"', wait, cause);
  }
}

function unexpected(option: string, expected: string, got: unknown, cause?: unknown): WebhooksConfigurationError {
  const shown = inspect(got, { maxStringLength: 40 });
  return new WebhooksConfigurationError(`Expected ${option} to be ${expected}, got ${shown}.`, { cause });
}
