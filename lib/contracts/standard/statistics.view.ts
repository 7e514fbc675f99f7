import type { FailureStreak } from '../../deliveries/failure-streaks';
import type { PruneReport } from '../../retention/retention.repository';
import type { Figures, Statistics } from '../../statistics/statistics.service';
import { apiProperty, apiSchema } from '../generated/openapi';
import { time, timeOrNull } from './time';

const count = (description: string) => apiProperty({ type: 'integer', minimum: 0, description });

/** How long attempts took. */
@apiSchema('WebhookDurations')
export class DurationsView {
  @apiProperty({ type: 'integer', description: 'Half of them took at most so long.' })
  readonly p50!: number;

  @apiProperty({ type: 'integer' })
  readonly p95!: number;

  @apiProperty({ type: 'integer', description: 'What took longer than 30,000 counts as 30,000.' })
  readonly p99!: number;
}

/** What came of the attempts of some time. */
@apiSchema('WebhookFigures')
export class FiguresView {
  @count('Requests of the retry schedule; what somebody had sent by hand does not count.')
  readonly attempts!: number;

  @count('Requests that were taken.')
  readonly succeeded!: number;

  @count('Requests that were not.')
  readonly failed!: number;

  @count('Deliveries that were delivered at the first attempt.')
  readonly deliveredFirst!: number;

  @count('Deliveries that have failed for good.')
  readonly exhausted!: number;

  @apiProperty({ type: Number, nullable: true, description: 'Which share of the requests was taken, 0 to 1.' })
  readonly successRate!: number | null;

  @apiProperty({ type: DurationsView, nullable: true, description: 'How long requests took, in milliseconds.' })
  readonly durationMs!: DurationsView | null;
}

/** All of the time that was asked for. */
@apiSchema('WebhookTotals')
export class TotalsView extends FiguresView {
  @apiProperty({ type: Number })
  readonly attemptsPerSecond!: number;
}

/** One hour. */
@apiSchema('WebhookHour')
export class HourView extends FiguresView {
  @apiProperty({ type: String, format: 'date-time', description: 'When it began.' })
  readonly hour!: string;
}

/** What is pending now. */
@apiSchema('WebhookBacklog')
export class BacklogView {
  @count('How many deliveries are pending; at least so many where not all were counted.')
  readonly pending!: number;

  @apiProperty({ type: Boolean, description: 'Whether all were counted. The times are of those that were.' })
  readonly complete!: boolean;

  @apiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the first is or was due.' })
  readonly firstDueAt!: string | null;

  @apiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the oldest was made.' })
  readonly oldestAt!: string | null;
}

/** How well deliveries do. */
@apiSchema('WebhookStatistics')
export class StatisticsView {
  @apiProperty({ type: String, format: 'date-time', description: 'The beginning of the first hour.' })
  readonly from!: string;

  @apiProperty({ type: String, format: 'date-time', description: 'The end of the last hour.' })
  readonly to!: string;

  @apiProperty({ type: TotalsView })
  readonly totals!: TotalsView;

  @apiProperty({ type: HourView, isArray: true, description: 'The hours in which anything happened, in order.' })
  readonly hours!: readonly HourView[];

  @apiProperty({ type: BacklogView })
  readonly backlog!: BacklogView;
}

/** How an endpoint has been failing. */
@apiSchema('WebhookFailing')
export class FailingView {
  @count('Requests that have failed in a row.')
  readonly failures!: number;

  @apiProperty({ type: String, format: 'date-time', description: 'When the first of them did.' })
  readonly since!: string;
}

/** How well the deliveries of one subscription do. */
@apiSchema('WebhookSubscriptionStatistics')
export class SubscriptionStatisticsView extends StatisticsView {
  @apiProperty({
    type: FailingView,
    nullable: true,
    description: 'Null where the last request succeeded, or none was made since the subscription was changed.',
  })
  readonly failing!: FailingView | null;
}

/** What retention took away the last time. */
@apiSchema('WebhookRetention')
export class RetentionView {
  @apiProperty({ type: String, format: 'date-time' })
  readonly startedAt!: string;

  @apiProperty({ type: String, format: 'date-time' })
  readonly finishedAt!: string;

  @apiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'How many deliveries, attempts, events, replays and sums went, and how many answers and payloads.',
  })
  readonly counts!: Readonly<Record<string, number>>;
}

/** How well all deliveries do. */
@apiSchema('WebhookOverallStatistics')
export class OverallStatisticsView extends StatisticsView {
  @apiProperty({
    type: RetentionView,
    isArray: true,
    description: 'The last turns of retention, of rows and of bodies. Only the operator sees them.',
  })
  readonly retention!: readonly RetentionView[];
}

export function statisticsView({ from, to, totals, hours, backlog }: Statistics): StatisticsView {
  return {
    ...{ from: time(from), to: time(to) },
    totals: { ...figuresView(totals), attemptsPerSecond: totals.attemptsPerSecond },
    hours: hours.map((each) => ({ hour: time(each.hour), ...figuresView(each) })),
    backlog: { ...backlog, firstDueAt: timeOrNull(backlog.firstDueAt), oldestAt: timeOrNull(backlog.oldestAt) },
  };
}

export function failingView(streak: FailureStreak | null): FailingView | null {
  return streak && { failures: streak.failures, since: time(streak.since) };
}

export function retentionView({ startedAt, finishedAt, counts }: PruneReport): RetentionView {
  return { startedAt: time(startedAt), finishedAt: time(finishedAt), counts: { ...counts } };
}

function figuresView(figures: Figures): FiguresView {
  const { attempts, succeeded, failed, deliveredFirst, exhausted, successRate, durationMs } = figures;
  return { attempts, succeeded, failed, deliveredFirst, exhausted, successRate, durationMs };
}
