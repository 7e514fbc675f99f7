import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

export type OrderStatus = 'open' | 'shipped' | 'canceled';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** What subscribers see of an order: what `GET /orders/:id` shows. */
export type OrderPayload = Pick<Order, 'id' | 'tenant' | 'createdAt' | 'reference' | 'status' | 'lines'>;

/** Saving or removing one publishes `order.created`, `order.updated` or `order.deleted` in the same transaction. */
@WebhookEntity<Order>({
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
