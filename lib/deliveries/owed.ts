import type { Delivery } from '../deliveries/delivery';
import type { WebhookEvent } from '../events/event';
import { identifier } from '../shared/identifier';
import type { Route } from '../subscriptions/subscriptions.repository';

/** The delivery that an event owes to a subscription, due at once. */
export function owed(
  { id: eventId, topic }: Pick<WebhookEvent, 'id' | 'topic'>,
  { subscriptionId, tenant }: Route,
  now: number,
): Delivery {
  const start = { state: 'pending', attemptCount: 0, nextAttemptAt: now, createdAt: now, finishedAt: null } as const;
  return { id: identifier('dlv', now), eventId, subscriptionId, tenant, topic, ...start, lastResult: null };
}
