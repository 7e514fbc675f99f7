import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity, Unique } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

/** What subscribers see of a stock level. */
export type StockPayload = Pick<Stock, 'id' | 'sku' | 'physical' | 'salable'>;

@WebhookEntity<Stock>({
  on: ['created', 'updated'],
  id: ({ sku }) => sku,
  tenant: ({ tenant }) => tenant,
  payload: ({ id, sku, physical, salable }): StockPayload => ({ id, sku, physical, salable }),
})
@Entity('sample_stock')
@Unique(['tenant', 'sku'])
export class Stock extends OwnedRow {
  @Column()
  sku!: string;

  @Column('int')
  physical = 0;

  @Column('int')
  salable = 0;
}
