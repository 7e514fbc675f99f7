import type { Attempt } from '../../deliveries/attempt';
import { DELIVERY_STATES, type Delivery, type DeliveryState } from '../../deliveries/delivery';
import { apiProperty, apiSchema } from '../generated/openapi';
import { AttemptView, attemptView } from './attempt.view';
import { time, timeOrNull } from './time';

/** A delivery as the standard API lists it. */
@apiSchema('WebhookDelivery')
export class DeliveryView {
  @apiProperty({ type: String, example: 'dlv_019abc4e5f607b3d8a1c2e4f60718293' })
  readonly id!: string;

  @apiProperty({ type: String })
  readonly eventId!: string;

  @apiProperty({ type: String })
  readonly subscriptionId!: string;

  @apiProperty({ type: String, example: 'order.shipped' })
  readonly topic!: string;

  @apiProperty({ type: String, nullable: true, description: 'Whose subscription it is; null is platform-wide.' })
  readonly tenant!: string | null;

  @apiProperty({ type: String, enum: [...DELIVERY_STATES], description: 'Where it stands.' })
  readonly state!: DeliveryState;

  @apiProperty({ type: 'integer', minimum: 0, description: 'How many requests have been made.' })
  readonly attemptCount!: number;

  @apiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description:
      'When the next request is due; null when it is over, and while it waits for an earlier delivery with the same ' +
      'ordering key.',
  })
  readonly nextAttemptAt!: string | null;

  @apiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;

  @apiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null while it is pending.' })
  readonly finishedAt!: string | null;

  @apiProperty({
    type: String,
    nullable: true,
    example: '503',
    description: 'What came of the last request: the HTTP status, or the kind of failure where no answer came.',
  })
  readonly lastResult!: string | null;
}

/** A delivery with every request that was made for it. */
@apiSchema('WebhookDeliveryWithAttempts')
export class DeliveryWithAttemptsView extends DeliveryView {
  @apiProperty({
    type: AttemptView,
    isArray: true,
    description: 'The first attempt first; of more than a hundred, the newest hundred.',
  })
  readonly attempts!: readonly AttemptView[];
}

export function deliveryView(delivery: Delivery): DeliveryView {
  return {
    id: delivery.id,
    eventId: delivery.eventId,
    subscriptionId: delivery.subscriptionId,
    topic: delivery.topic,
    tenant: delivery.tenant,
    state: delivery.state,
    attemptCount: delivery.attemptCount,
    nextAttemptAt: timeOrNull(delivery.nextAttemptAt),
    createdAt: time(delivery.createdAt),
    finishedAt: timeOrNull(delivery.finishedAt),
    lastResult: delivery.lastResult,
  };
}

export function deliveryWithAttemptsView(delivery: Delivery, attempts: readonly Attempt[]): DeliveryWithAttemptsView {
  return { ...deliveryView(delivery), attempts: attempts.map(attemptView) };
}
