import { Injectable } from '@nestjs/common';
import { Lifecycle, type LifecycleEvent } from '../deliveries/lifecycle';
import { TopicCatalogue } from '../topics/catalogue';
import { defineTopic, type Topic } from '../topics/topic';
import { WebhooksService } from '../webhooks.service';

const PREFIX = 'webhooks.';
const SUBSCRIPTION_ID = 'sub_019abc4e5f607b3d8a1c2e4f60718293';

const topic = (name: string, description: string, example: object) =>
  defineTopic(PREFIX + name, undefined, { description, example });

const TOPICS: readonly Topic[] = [
  topic('subscription.suspended', 'A subscription was turned off, because its endpoint asked for it or kept failing.', {
    subscriptionId: SUBSCRIPTION_ID,
    reason: 'failing for 5 days',
  }),
  topic('subscription.failing', 'Every attempt at an endpoint has failed for an hour.', {
    subscriptionId: SUBSCRIPTION_ID,
    failures: 12,
    since: '2026-01-31T12:00:00.000Z',
  }),
  topic('subscription.resumed', 'A suspended subscription was turned on again.', { subscriptionId: SUBSCRIPTION_ID }),
  topic('delivery.exhausted', 'A delivery has failed for good.', {
    deliveryId: 'dlv_019abc4e5f607b3d8a1c2e4f60718293',
    eventId: 'evt_019abc4e5f607b3d8a1c2e4f60718293',
    subscriptionId: SUBSCRIPTION_ID,
    topic: 'order.shipped',
    status: 503,
    failure: null,
  }),
];

interface Notice {
  readonly name: string;
  readonly tenant: string | null;
  readonly payload: object;
}

/** Publishes what happens to subscriptions and deliveries as events, to whoever owns them and subscribes to that. */
@Injectable()
export class OperationalEvents {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly lifecycle: Lifecycle,
    private readonly catalogue: TopicCatalogue,
  ) {}

  attach(): void {
    TOPICS.forEach((each) => this.catalogue.register(each));
    this.lifecycle.subscribe((event) => this.tell(event));
  }

  private tell(event: LifecycleEvent): void {
    const notice = noticeOf(event);
    if (!notice) return;
    const { name, tenant, payload } = notice;
    this.webhooks.publish(this.catalogue.get(PREFIX + name), payload, { tenant }).catch((error: unknown) => {
      this.lifecycle.emit({ type: 'engine.failed', doing: `publishing ${PREFIX}${name}`, error });
    });
  }
}

function noticeOf(event: LifecycleEvent): Notice | undefined {
  if (event.type === 'subscription.suspended') return noticeOn(event, { reason: event.reason });
  if (event.type === 'subscription.resumed') return noticeOn(event, {});
  if (event.type === 'delivery.exhausted') return noticeOnExhausted(event);
  if (event.type !== 'subscription.failing') return undefined;
  return noticeOn(event, { failures: event.failures, since: new Date(event.since).toISOString() });
}

function noticeOn(
  { type, subscriptionId, tenant }: { readonly type: string; subscriptionId: string; tenant: string | null },
  details: object,
): Notice {
  return { name: type, tenant, payload: { subscriptionId, ...details } };
}

/** Nothing of what cannot be told: a delivery of such a notice that fails would make the next one, without end. */
function noticeOnExhausted({
  type,
  delivery,
  attempt: { status, failure },
}: LifecycleEvent & { readonly type: 'delivery.exhausted' }): Notice | undefined {
  const { id: deliveryId, eventId, subscriptionId, topic: about, tenant } = delivery;
  if (about.startsWith(PREFIX)) return undefined;
  return { name: type, tenant, payload: { deliveryId, eventId, subscriptionId, topic: about, status, failure } };
}
