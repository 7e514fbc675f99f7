import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import type { Api, CreatedSubscription, Delivery, List, PublishedEvent, ReceivedWebhook } from './api';
import { eventually } from './eventually';
import { seconds, type Page } from './page';
import { Timeline } from './timeline';

const SUBSCRIPTIONS = '/api/webhooks/subscriptions';
const EVENTS = '/api/webhooks/events';
const DELIVERIES = '/api/webhooks/deliveries';
const RECEIVER = '/receiver/acme';

/** One webhook from the subscription to the verified signature. All that it shows, it has read from the API. */
export class Story {
  constructor(
    private readonly api: Api,
    private readonly page: Page,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Error when something is not as it should be */
  async tell(): Promise<void> {
    this.page.title('One webhook, from end to end');
    const subscription = await this.subscribe();
    await this.breakReceiver();
    const event = await this.createOrder();
    const { delivery, tookMs } = await this.follow(event);
    await this.verify(subscription, event, delivery);
    this.page.ending(`Delivered at attempt ${delivery.attempts.length}, ${seconds(tookMs)} after the order.`);
  }

  private async subscribe(): Promise<CreatedSubscription> {
    const [url, topics] = [this.api.url(RECEIVER), ['order.*']];
    this.page.step('acme subscribes its server to all that happens to its orders');
    this.page.detail(`POST ${SUBSCRIPTIONS}`);
    const subscription = await this.api.post<CreatedSubscription>(SUBSCRIPTIONS, { url, topics });
    this.page.detail(`${topics.join(', ')} → ${url}`);
    return subscription;
  }

  private async breakReceiver(): Promise<void> {
    this.page.step("acme's server is going to fail twice");
    this.page.detail(`PUT ${RECEIVER}/behaviour`);
    await this.api.put(`${RECEIVER}/behaviour`, { failNext: 2, status: 503 });
  }

  private async createOrder(): Promise<PublishedEvent> {
    this.page.step('acme creates an order; the order and its event are one transaction');
    this.page.detail('POST /orders');
    await this.api.post('/orders', { reference: 'A-1001', lines: [{ sku: 'SKU-1', quantity: 2 }] });
    const { data } = await this.api.get<List<PublishedEvent>>(`${EVENTS}?topic=order.created`);
    assert(data[0], 'The order was created, but its event was not.');
    return data[0];
  }

  private async follow(event: PublishedEvent): Promise<{ delivery: Delivery; tookMs: number }> {
    this.page.step('its event is delivered, however often it takes');
    const { id } = await eventually('a delivery', () => this.deliveryOf(event), this.signal);
    this.page.detail(`GET ${DELIVERIES}/${id}`);
    const timeline = new Timeline(this.page, event);
    const delivery = await eventually('the end of the delivery', () => this.ended(id, timeline), this.signal);
    return { delivery, tookMs: timeline.lengthMs };
  }

  private async deliveryOf({ id }: PublishedEvent): Promise<Delivery | undefined> {
    const { data } = await this.api.get<List<Delivery>>(`${DELIVERIES}?event=${id}`);
    return data[0];
  }

  private async ended(id: string, timeline: Timeline): Promise<Delivery | undefined> {
    const delivery = await this.api.get<Delivery>(`${DELIVERIES}/${id}`);
    timeline.show(delivery);
    return delivery.state === 'pending' ? undefined : delivery;
  }

  private async verify({ secret }: CreatedSubscription, event: PublishedEvent, delivery: Delivery): Promise<void> {
    this.page.step("acme's server knows who sent it, and that it is one event");
    this.page.detail(`GET ${RECEIVER}`);
    const received = await this.api.get<ReceivedWebhook[]>(RECEIVER);
    const count = delivery.attempts.length;
    assert.equal(delivery.state, 'delivered', `The delivery ended as "${delivery.state}".`);
    assert.equal(received.length, count, `${count} requests were made, but ${received.length} arrived.`);
    for (const { rawBody, headers } of received) new Webhook(secret).verify(rawBody, headers);
    this.page.success(`signature verified, ${count} of ${count}, by the public package "standardwebhooks"`);
    for (const { headers } of received) assert.equal(headers['webhook-id'], event.id, 'The webhook-id has changed.');
    this.page.success(`webhook-id ${event.id} every time`);
  }
}
