import type { Subscription } from '../../subscriptions/subscription';
import { apiProperty, apiSchema } from '../openapi';
import { time, timeOrNull } from './time';

/** A subscription as the standard API shows it. */
@apiSchema('WebhookSubscription')
export class SubscriptionView {
  @apiProperty({ type: String, example: 'sub_019abc4e5f607b3d8a1c2e4f60718293' })
  readonly id!: string;

  @apiProperty({ type: String, format: 'uri', description: 'Where events are delivered to.' })
  readonly url!: string;

  @apiProperty({ type: String, isArray: true, description: 'Which topics are wanted.', example: ['order.*'] })
  readonly topics!: readonly string[];

  @apiProperty({ type: String, nullable: true, description: 'What the owner calls it.' })
  readonly description!: string | null;

  @apiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'What the owner remembers.' })
  readonly metadata!: Readonly<Record<string, string>>;

  @apiProperty({ type: Boolean, description: "The owner's own switch." })
  readonly enabled!: boolean;

  @apiProperty({ type: String, nullable: true, description: 'Whose it is; null is platform-wide.' })
  readonly tenant!: string | null;

  @apiProperty({ type: String, format: 'date-time', nullable: true, description: 'When the system turned it off.' })
  readonly suspendedAt!: string | null;

  @apiProperty({ type: String, nullable: true, description: 'Why the system turned it off.', example: 'gone' })
  readonly suspendedReason!: string | null;

  @apiProperty({ type: String, format: 'date-time' })
  readonly createdAt!: string;

  @apiProperty({ type: String, format: 'date-time' })
  readonly updatedAt!: string;
}

/** A subscription as it is shown once, to whoever made it. */
@apiSchema('CreatedWebhookSubscription')
export class CreatedSubscriptionView extends SubscriptionView {
  @apiProperty({ type: String, description: 'What deliveries are signed with. It is never shown again.' })
  readonly secret!: string;
}

export function subscriptionView(subscription: Subscription): SubscriptionView {
  return {
    id: subscription.id,
    url: subscription.url,
    topics: subscription.topics,
    description: subscription.description,
    metadata: subscription.metadata,
    enabled: subscription.enabled,
    tenant: subscription.tenant,
    suspendedAt: timeOrNull(subscription.suspendedAt),
    suspendedReason: subscription.suspendedReason,
    createdAt: time(subscription.createdAt),
    updatedAt: time(subscription.updatedAt),
  };
}

export function createdSubscriptionView(subscription: Subscription): CreatedSubscriptionView {
  return { ...subscriptionView(subscription), secret: subscription.secrets[0]! };
}
