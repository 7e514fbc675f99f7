import { createHash } from 'node:crypto';
import type { WebhookEvent } from '../events/event';

const DIGEST_LENGTH = 22;

/**
 * When a delivery is said to be due that waits for an earlier one of its sequence: at the last moment that a date can
 * have, so that it stands behind everything else.
 */
export const WAITS_ITS_TURN = 8_640_000_000_000_000;

/**
 * The name of a subscription's deliveries that go one after the other, because their events are one tenant's and have the
 * same ordering key; null where the event is in no order. It begins with the subscription's id, and is as long for any key.
 */
export function sequenceOf(
  subscriptionId: string,
  { tenant, orderingKey }: Pick<WebhookEvent, 'tenant' | 'orderingKey'>,
): string | null {
  if (orderingKey === undefined) return null;
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, orderingKey]))
    .digest('base64url');
  return `${subscriptionId}.${digest.slice(0, DIGEST_LENGTH)}`;
}

/** What comes before all names of a subscription's sequences, and what comes after them. */
export function sequencesOf(subscriptionId: string): readonly [before: string, after: string] {
  return [`${subscriptionId}.`, `${subscriptionId}/`];
}
