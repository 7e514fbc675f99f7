import { Injectable } from '@nestjs/common';
import { FailureStreaks, type FailureStreak } from '../deliveries/failure-streaks';
import { Clock } from '../shared/clock';
import { WebhooksError } from '../shared/webhooks.error';
import { quantile } from './durations';
import { StatisticsRepository, type Backlog, type StatisticsScope } from './statistics.repository';
import { NOTHING, sumOf, type Sums } from './sums';
import { HOUR_MS, Tally } from './tally';

const DAY_MS = 24 * HOUR_MS;
const LONGEST_SPAN_MS = 92 * DAY_MS;

/** Which hours count: those that the span touches. */
export interface StatisticsSpan {
  /** Milliseconds since the epoch. @default 24 hours before `to` */
  readonly from?: number;
  /** @default now */
  readonly to?: number;
}

/** What came of the attempts of some time. */
export interface Figures {
  /** Requests that were made by the schedule; what somebody had sent by hand does not count. */
  readonly attempts: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Deliveries that were delivered at the first attempt. */
  readonly deliveredFirst: number;
  /** Deliveries that failed for good. */
  readonly exhausted: number;
  /** Which share of the attempts succeeded, 0 to 1; null where there were none. */
  readonly successRate: number | null;
  /** How long attempts took, in milliseconds; null where there were none. */
  readonly durationMs: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

export interface Statistics {
  /** The beginning of the first hour, in milliseconds since the epoch. */
  readonly from: number;
  /** The end of the last. */
  readonly to: number;
  readonly totals: Figures & { readonly attemptsPerSecond: number };
  /** The hours in which anything happened, the first one first. */
  readonly hours: readonly (Figures & { readonly hour: number })[];
  /** What is pending now. */
  readonly backlog: Backlog;
}

/** Thrown when statistics are asked for a time that there can be none of. */
export class InvalidSpanError extends WebhooksError {
  override readonly code = 'WEBHOOKS_INVALID_SPAN';
  override readonly status = 400;
}

/** How well deliveries do: overall, for a tenant, or for a subscription. */
@Injectable()
export class StatisticsService {
  constructor(
    private readonly repository: StatisticsRepository,
    private readonly tally: Tally,
    private readonly streaks: FailureStreaks,
    private readonly clock: Clock,
  ) {}

  /**
   * Statistics by the hour. What another process counted is missing for ten seconds at most.
   * @throws InvalidSpanError
   */
  async of(scope: StatisticsScope, span: StatisticsSpan = {}): Promise<Statistics> {
    const now = this.clock.now();
    const { from, to } = hoursOf(span, now);
    await this.tally.flush();
    const [hours, backlog] = await Promise.all([
      this.repository.hourly(scope, from, to),
      this.repository.backlog(scope),
    ]);
    const total = hours.map(({ sums }) => sums).reduce(sumOf, NOTHING);
    const seconds = Math.max(1, (Math.min(to, now) - from) / 1000);
    return {
      ...{ from, to, backlog },
      totals: { ...figuresOf(total), attemptsPerSecond: total.attempts / seconds },
      hours: hours.map(({ hour, sums }) => ({ hour, ...figuresOf(sums) })),
    };
  }

  /**
   * How many attempts at a subscription's endpoint have failed in a row, and since when; null where the last one
   * succeeded, or none was made since the subscription was changed.
   */
  failing(subscriptionId: string): Promise<FailureStreak | null> {
    return this.streaks.of(subscriptionId);
  }
}

function hoursOf({ to = undefined, from }: StatisticsSpan, now: number): { from: number; to: number } {
  const end = to ?? now;
  const begin = from ?? end - DAY_MS;
  if (begin > end) throw new InvalidSpanError('Expected "to" to be later than "from".');
  if (end - begin > LONGEST_SPAN_MS) throw new InvalidSpanError('Expected "from" to be at most 92 days before "to".');
  return { from: Math.floor(begin / HOUR_MS) * HOUR_MS, to: (Math.floor(end / HOUR_MS) + 1) * HOUR_MS };
}

function figuresOf({ attempts, succeeded, deliveredFirst, exhausted, durations }: Sums): Figures {
  const within = (share: number) => quantile(durations, share)!;
  return {
    ...{ attempts, succeeded, failed: attempts - succeeded, deliveredFirst, exhausted },
    successRate: attempts === 0 ? null : succeeded / attempts,
    durationMs: attempts === 0 ? null : { p50: within(0.5), p95: within(0.95), p99: within(0.99) },
  };
}
