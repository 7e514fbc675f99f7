import type { Attempt, Exchange } from '../../deliveries/attempt';
import type { TestResult } from '../../deliveries/manual-requests';
import { apiProperty, apiSchema } from '../generated/openapi';
import { time } from './time';

/** What came of a request, as the standard API shows it. */
export class ExchangeView {
  @apiProperty({ type: String, format: 'date-time' })
  readonly startedAt!: string;

  @apiProperty({ type: 'integer', minimum: 0 })
  readonly durationMs!: number;

  @apiProperty({ type: Boolean, description: 'Whether the event was taken.' })
  readonly succeeded!: boolean;

  @apiProperty({ type: 'integer', nullable: true, description: 'The HTTP status; null when no answer came.' })
  readonly status!: number | null;

  @apiProperty({ type: String, nullable: true, description: 'What went wrong when no answer came.' })
  readonly failure!: string | null;

  @apiProperty({ type: String, nullable: true, description: 'What went wrong, in words.' })
  readonly detail!: string | null;

  @apiProperty({ type: String, nullable: true, description: "The first bytes of the answer's body." })
  readonly responseBody!: string | null;
}

/** One request as the standard API shows it. */
@apiSchema('WebhookAttempt')
export class AttemptView extends ExchangeView {
  @apiProperty({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: '1 for the first; null where it was sent by hand.',
  })
  readonly number!: number | null;
}

/** What came of a test request. */
@apiSchema('WebhookTestResult')
export class TestResultView extends ExchangeView {
  @apiProperty({ type: String, description: 'The `webhook-id` that was sent. The event is not stored.' })
  readonly eventId!: string;
}

export function attemptView(attempt: Attempt): AttemptView {
  return { number: attempt.number, ...exchangeView(attempt) };
}

export function testResultView(result: TestResult): TestResultView {
  return { eventId: result.eventId, ...exchangeView(result) };
}

function exchangeView(exchange: Exchange): ExchangeView {
  return {
    startedAt: time(exchange.startedAt),
    durationMs: exchange.durationMs,
    succeeded: exchange.succeeded,
    status: exchange.status,
    failure: exchange.failure,
    detail: exchange.detail,
    responseBody: exchange.responseBody,
  };
}
