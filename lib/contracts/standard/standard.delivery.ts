import { DeliveryProfile, type Composition } from '../../deliveries/delivery-profile';
import type { WebhookEvent } from '../../events/event';
import type { RetrySchedule } from '../../retry/retry-schedule';
import { StandardWebhooksSignature } from '../../signing/standard-webhooks';
import type { Subscription } from '../../subscriptions/subscription';

const GONE = 410;

export interface StandardDeliveryOptions {
  /** The waits between attempts. */
  readonly schedule: RetrySchedule;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
}

/**
 * Delivers as Standard Webhooks recommends: a POST of `{ "type", "timestamp", "data" }`, signed with
 * {@link StandardWebhooksSignature}. Any 2xx takes the event; 410 turns the subscription off.
 */
export class StandardDelivery extends DeliveryProfile {
  override readonly schedule: RetrySchedule;
  override readonly timeoutMs: number;
  override readonly signature = new StandardWebhooksSignature();

  constructor({ schedule, timeoutMs }: StandardDeliveryOptions) {
    super();
    this.schedule = schedule;
    this.timeoutMs = timeoutMs;
  }

  override compose(event: WebhookEvent, { url }: Pick<Subscription, 'url'>): Composition {
    return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body: bodyOf(event) };
  }

  override succeeds(status: number): boolean {
    return status >= 200 && status < 300;
  }

  override suspends(status: number): string | null {
    return status === GONE ? 'gone' : null;
  }
}

/** The stored payload goes in as it is: parsing and writing it again could change its bytes. */
function bodyOf({ topic, createdAt, payload }: WebhookEvent): string {
  const timestamp = new Date(createdAt).toISOString();
  return `{"type":${JSON.stringify(topic)},"timestamp":${JSON.stringify(timestamp)},"data":${payload}}`;
}
