import { WebhookEntity } from 'nestjs-webhooks';
import { Column, Entity, Unique } from 'typeorm';
import { OwnedRow } from '../access/owned-row';

/** What subscribers see of a stock level. */
export type StockPayload = Pick<Stock, 'id' | 'sku' | 'physical' | 'salable'>;

@WebhookEntity<Stock>({
  group: 'Stock',
  schema: {
    type: 'object',
    required: ['id', 'sku', 'physical', 'salable'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      sku: { type: 'string' },
      physical: { type: 'integer', description: 'How many there are.' },
      salable: { type: 'integer', description: 'How many of them are promised to nobody.' },
    },
  },
  example: { id: '019abc4e-5f60-7b3d-8a1c-2e4f60718293', sku: 'SKU-1', physical: 12, salable: 10 },
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
