import { Type } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, IsUUID, Max, Min, ValidateNested } from 'class-validator';

export type OrderStatus = 'open' | 'shipped' | 'canceled';

export class OrderLine {
  @IsString()
  sku!: string;

  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity!: number;
}

/** What all payloads about an order have. */
class OwnOrder {
  @IsUUID()
  id!: string;

  @IsOptional()
  @IsString()
  tenant!: string | null;

  @IsString()
  reference!: string;
}

/** What subscribers see of an order: what `GET /orders/:id` shows. */
export class OrderPayload extends OwnOrder {
  @IsDate()
  createdAt!: Date;

  @IsIn(['open', 'shipped', 'canceled'])
  status!: OrderStatus;

  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  lines!: OrderLine[];
}

export class OrderShipment extends OwnOrder {
  @ValidateNested({ each: true })
  @Type(() => OrderLine)
  lines!: OrderLine[];

  @IsDate()
  shippedAt!: Date;
}

export class OrderCancelation extends OwnOrder {
  @IsDate()
  canceledAt!: Date;
}

const ORDER = { id: '019abc4e-5f60-7b3d-8a1c-2e4f60718293', tenant: 'acme', reference: 'A-1001' };
const LINES = [{ sku: 'SKU-1', quantity: 2 }];
const AT = new Date('2026-01-31T12:00:00.000Z');

export const AN_ORDER: OrderPayload = { ...ORDER, createdAt: AT, status: 'open', lines: LINES };
export const A_SHIPMENT: OrderShipment = { ...ORDER, lines: LINES, shippedAt: AT };
export const A_CANCELATION: OrderCancelation = { ...ORDER, canceledAt: AT };
