import { FailedAttempt, nextAttemptAt } from '../../lib/retry/next-attempt';
import { RetrySchedule } from '../../lib/retry/retry-schedule';

const NOW_MS = 1_614_265_330_000;
const HOUR_MS = 3_600_000;
const schedule = new RetrySchedule(['10s', '2d']);

function waitMs(attempt: Partial<FailedAttempt> = {}, random = 0.5): number {
  return nextAttemptAt(schedule, { failedAttempts: 1, nowMs: NOW_MS, ...attempt }, () => random)! - NOW_MS;
}

describe('the next attempt', () => {
  it('comes when the schedule says', () => {
    expect(waitMs()).toBe(10_000);
    expect(waitMs({ failedAttempts: 2 })).toBe(48 * HOUR_MS);
  });

  it('comes with jitter', () => {
    expect(waitMs({}, 0)).toBe(8_000);
  });

  it('comes later when the receiver asks for longer', () => {
    expect(waitMs({ retryAfterMs: 120_000 })).toBe(120_000);
  });

  it('comes no sooner when the receiver asks for less', () => {
    expect(waitMs({ retryAfterMs: 0 })).toBe(10_000);
    expect(waitMs({ retryAfterMs: 9_999 })).toBe(10_000);
  });

  it('is put off by 24 hours at most, whatever the receiver asks for', () => {
    expect(waitMs({ retryAfterMs: Number.MAX_SAFE_INTEGER })).toBe(24 * HOUR_MS);
  });

  it('is put off by no more than the ceiling', () => {
    expect(waitMs({ retryAfterMs: HOUR_MS, retryAfterCeilingMs: 60_000 })).toBe(60_000);
    expect(waitMs({ retryAfterMs: HOUR_MS, retryAfterCeilingMs: 0 })).toBe(10_000);
  });

  it('keeps a scheduled wait that is longer than the ceiling', () => {
    expect(waitMs({ failedAttempts: 2, retryAfterMs: HOUR_MS, retryAfterCeilingMs: 60_000 })).toBe(48 * HOUR_MS);
  });

  it('never comes when the schedule is exhausted, even if the receiver asks for one', () => {
    const attempt = { failedAttempts: 3, nowMs: NOW_MS, retryAfterMs: 1_000 };
    expect(nextAttemptAt(schedule, attempt, () => 0.5)).toBeUndefined();
  });
});
