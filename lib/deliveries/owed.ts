import type { Delivery } from '../deliveries/delivery';
import type { WebhookEvent } from '../events/event';
import { identifier } from '../shared/identifier';
import type { Route } from '../subscriptions/subscriptions.repository';
import { sequenceOf } from './sequence';

/** The delivery that an event owes to a subscription, due at once. */
export function owed(
  event: Pick<WebhookEvent, 'id' | 'topic' | 'tenant' | 'orderingKey'>,
  { subscriptionId, tenant, preferences }: Route,
  now: number,
): Delivery {
  const { id: eventId, topic } = event;
  const sequence = preferences.order === undefined ? null : sequenceOf(subscriptionId, event);
  const start = { state: 'pending', attemptCount: 0, nextAttemptAt: now, createdAt: now, finishedAt: null } as const;
  return { id: identifier('dlv', now), eventId, subscriptionId, tenant, topic, ...start, lastResult: null, sequence };
}
