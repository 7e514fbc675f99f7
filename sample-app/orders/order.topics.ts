import { defineTopic } from 'nestjs-webhooks';
import type { OrderLine } from './order.entity';

export class OrderShipment {
  id!: string;
  tenant!: string | null;
  reference!: string;
  lines!: OrderLine[];
  shippedAt!: Date;
}

export class OrderCancelation {
  id!: string;
  tenant!: string | null;
  reference!: string;
  canceledAt!: Date;
}

export const OrderShipped = defineTopic('order.shipped', OrderShipment, {
  description: 'An order has left the warehouse.',
  tenant: ({ tenant }) => tenant,
  subject: ({ id }) => id,
});

export const OrderCanceled = defineTopic('order.canceled', OrderCancelation, {
  description: 'An order will not be shipped.',
  tenant: ({ tenant }) => tenant,
  subject: ({ id }) => id,
});
