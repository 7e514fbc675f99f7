import type { Attempt } from '../../deliveries/attempt';
import { apiProperty, apiSchema } from '../generated/openapi';
import { time } from './time';

/** One request as the standard API shows it. */
@apiSchema('WebhookAttempt')
export class AttemptView {
  @apiProperty({ type: 'integer', minimum: 1, description: '1 for the first.' })
  readonly number!: number;

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

export function attemptView(attempt: Attempt): AttemptView {
  return {
    number: attempt.number,
    startedAt: time(attempt.startedAt),
    durationMs: attempt.durationMs,
    succeeded: attempt.succeeded,
    status: attempt.status,
    failure: attempt.failure,
    detail: attempt.detail,
    responseBody: attempt.responseBody,
  };
}
