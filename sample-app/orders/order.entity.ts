import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity } from 'typeorm';
import { OwnedRow } from '../access/owned-row';
import { AN_ORDER, OrderPayload, type OrderLine, type OrderStatus } from './order.payload';

/** Saving or removing one publishes `order.created`, `order.updated` or `order.deleted` in the same transaction. */
@WebhookEntity<Order>({
  group: 'Orders',
  payloadType: OrderPayload,
  example: AN_ORDER,
  tenant: ({ tenant }) => tenant,
  payload: ({ id, tenant, createdAt, reference, status, lines }): OrderPayload => ({
    id,
    tenant,
    createdAt,
    reference,
    status,
    lines,
  }),
})
@Entity('sample_order')
export class Order extends OwnedRow {
  @Column()
  reference!: string;

  @Column({ type: String })
  status: OrderStatus = 'open';

  @Column('simple-json')
  lines!: OrderLine[];
}
