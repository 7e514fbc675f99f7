import { Injectable } from '@nestjs/common';
import { hasPayload, type WebhookEvent } from '../events/event';
import { EventsRepository } from '../events/events.repository';
import { Activity } from '../shared/activity';
import { Clock } from '../shared/clock';
import { identifier } from '../shared/identifier';
import { WebhooksError } from '../shared/webhooks.error';
import type { Subscription } from '../subscriptions/subscription';
import { SubscriptionsService } from '../subscriptions/subscriptions.service';
import { attemptOf, exchangeOf, type Attempt, type Exchange } from './attempt';
import { Courier, isBatched, type Consignment } from './courier';
import type { Delivery } from './delivery';
import { DeliveriesRepository } from './deliveries.repository';
import { Lifecycle } from './lifecycle';
import { failedAmong } from './partial-failure';

/** Thrown when there is no such delivery, or it belongs to another tenant. */
export class DeliveryNotFoundError extends WebhooksError {
  override readonly code = 'WEBHOOKS_DELIVERY_NOT_FOUND';
  override readonly status = 404;
}

/** Thrown when a delivery has nothing left that could be sent, or nobody to send it to. */
export class NotResendableError extends WebhooksError {
  override readonly code = 'WEBHOOKS_NOT_RESENDABLE';
  override readonly status = 409;
}

/** What came of a test request. */
export interface TestResult extends Exchange {
  /** The `webhook-id` that was sent. */
  readonly eventId: string;
}

/** What a test sends. */
export type Example = Pick<WebhookEvent, 'topic' | 'version' | 'payload'>;

/** Requests that somebody asks for: made at once and once, and without a bearing on the health of the endpoint. */
@Injectable()
export class ManualRequests {
  constructor(
    private readonly events: EventsRepository,
    private readonly subscriptions: SubscriptionsService,
    private readonly courier: Courier,
    private readonly deliveries: DeliveriesRepository,
    private readonly lifecycle: Lifecycle,
    private readonly activity: Activity,
    private readonly clock: Clock,
  ) {}

  /**
   * Sends a delivery once more, now, with the same `webhook-id` and the current secret. Where it is taken, the delivery
   * is delivered; where it is not, it stays as it was, retries included.
   * @throws NotResendableError
   */
  resend(delivery: Delivery): Promise<Attempt> {
    return this.activity.trackWithin(() => this.sendAgain(delivery));
  }

  /** Sends an event that is stored nowhere, to see what comes back. */
  test(subscription: Subscription, example: Example): Promise<TestResult> {
    return this.activity.trackWithin(() => this.sendExample(subscription, example));
  }

  private async sendAgain(delivery: Delivery): Promise<Attempt> {
    // From the table, because a process remembers events that retention has taken, and what others have changed meanwhile.
    const [event] = await this.events.byIds([delivery.eventId]);
    const subscription = await this.subscriptions.find(delivery.subscriptionId);
    const consignment = this.courier.consignment(event, subscription);
    if (!consignment) throw notResendable(delivery, event);
    const attempt = attemptOf(delivery.id, null, await this.exchange(consignment));
    await this.deliveries.recordResend(delivery, attempt, this.clock.now());
    this.lifecycle.emit({ type: 'delivery.resent', delivery, attempt });
    return attempt;
  }

  private async sendExample(subscription: Subscription, example: Example): Promise<TestResult> {
    const now = this.clock.now();
    const event = { id: identifier('evt', now), tenant: subscription.tenant, subject: null, ...example };
    const consignment = this.courier.consignment({ ...event, createdAt: now }, subscription);
    if (!consignment) throw new Error(`The contract "${subscription.contract}" is not served.`);
    return { eventId: event.id, ...(await this.exchange(consignment)) };
  }

  private async exchange(consignment: Consignment): Promise<Exchange> {
    const startedAt = this.clock.now();
    const answer = await this.courier.take(consignment, startedAt, null);
    const isTaken = answer.kind === 'response' && consignment.profile.succeeds(answer.status);
    const isNamed = isBatched(consignment) && failedAmong([consignment.event.id], answer).size > 0;
    const succeeded = isTaken && !isNamed;
    return exchangeOf(answer, startedAt, succeeded);
  }
}

function notResendable({ id }: Delivery, event: WebhookEvent | undefined): NotResendableError {
  const why =
    event && !hasPayload(event)
      ? 'retention has taken the payload of its event (the option retention.payloadDays says when)'
      : 'its event or its subscription is gone';
  return new NotResendableError(`The delivery ${id} cannot be sent again: ${why}.`);
}
