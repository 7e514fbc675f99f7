// Compiled on its own by `npm run types`: every line that must not compile says so.
import { defineTopic, type EntityTopics, type TopicsOf, type WebhooksService } from 'nestjs-webhooks';

class OrderShippedPayload {
  id!: string;
  carrier!: string;
}

class Order {
  id!: number;
  reference!: string;
}

const OrderShipped = defineTopic('order.shipped', OrderShippedPayload, {
  tenant: (payload) => payload.carrier,
  // @ts-expect-error a subject that the payload does not have
  subject: (payload) => payload.nothing as string,
});

declare module 'nestjs-webhooks' {
  interface RegisteredTopics extends TopicsOf<typeof OrderShipped>, EntityTopics<'order', Order> {}
}

export async function publications(webhooks: WebhooksService): Promise<void> {
  await webhooks.publish('order.shipped', { id: '1', carrier: 'DHL' });
  await webhooks.publish('order.created', { id: 1, reference: 'A-1001' });
  await webhooks.publish(OrderShipped, { id: '1', carrier: 'DHL' });
  await webhooks.publish(OrderShipped, { id: '1', carrier: 'DHL' }, { tenant: 'acme', idempotencyKey: 'k' });

  // @ts-expect-error a name that nobody registered
  await webhooks.publish('order.shiped', { id: '1', carrier: 'DHL' });
  // @ts-expect-error a payload without its carrier
  await webhooks.publish('order.shipped', { id: '1' });
  // @ts-expect-error a payload of another topic
  await webhooks.publish('order.created', { id: '1', carrier: 'DHL' });
  // @ts-expect-error a payload of the wrong type
  await webhooks.publish(OrderShipped, { id: 1, carrier: 'DHL' });
  // @ts-expect-error an option that does not exist
  await webhooks.publish(OrderShipped, { id: '1', carrier: 'DHL' }, { tennant: 'acme' });
  // @ts-expect-error a transaction that can run nothing
  await webhooks.publish(OrderShipped, { id: '1', carrier: 'DHL' }, { transaction: 'begin' });
}
