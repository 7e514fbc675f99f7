import { defineTopic } from 'nestjs-webhooks';
import { A_CANCELATION, A_SHIPMENT, OrderCancelation, OrderShipment } from './order.payload';

export const OrderShipped = defineTopic('order.shipped', OrderShipment, {
  description: 'An order has left the warehouse.',
  group: 'Orders',
  example: A_SHIPMENT,
  validate: 'error',
  tenant: ({ tenant }) => tenant,
  subject: ({ id }) => id,
});

export const OrderCanceled = defineTopic('order.canceled', OrderCancelation, {
  description: 'An order will not be shipped.',
  group: 'Orders',
  example: A_CANCELATION,
  tenant: ({ tenant }) => tenant,
  subject: ({ id }) => id,
});
