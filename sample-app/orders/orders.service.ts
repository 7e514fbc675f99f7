import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { InjectRepository } from '@nestjs/typeorm';
import type { PayloadOf, TopicName } from 'nestjs-webhooks';
import type { Repository } from 'typeorm';
import { ownerFor, visibleTo, type Account } from '../access/account';
import type { NewOrderDto, OrderChangeDto } from './order.dto';
import { Order } from './order.entity';
import type { OrderStatus } from './order.payload';

@Injectable()
export class OrdersService {
  constructor(
    @InjectRepository(Order) private readonly orders: Repository<Order>,
    private readonly emitter: EventEmitter2,
  ) {}

  list(account: Account): Promise<Order[]> {
    return this.orders.find({ where: visibleTo(account), order: { createdAt: 'DESC' } });
  }

  async get(account: Account, id: string): Promise<Order> {
    const order = await this.orders.findOneBy({ id, ...visibleTo(account) });
    if (order) return order;
    throw new NotFoundException(`There is no order ${id}.`);
  }

  /** `save` is one transaction: the order and its `order.created` are both there, or neither is. */
  create(account: Account, { tenant, ...order }: NewOrderDto): Promise<Order> {
    return this.orders.save(this.orders.create({ ...order, tenant: ownerFor(account, tenant) }));
  }

  async change(account: Account, id: string, change: OrderChangeDto): Promise<Order> {
    return this.orders.save(this.orders.merge(await this.get(account, id), change));
  }

  // Not `delete({ id })`: TypeORM does not say which rows that removes, so it would publish nothing.
  async remove(account: Account, id: string): Promise<void> {
    await this.orders.remove(await this.get(account, id));
  }

  async ship(account: Account, id: string): Promise<Order> {
    const order = await this.close(account, id, 'shipped');
    const { tenant, reference, lines } = order;
    await this.emit('order.shipped', { id, tenant, reference, lines, shippedAt: new Date() });
    return order;
  }

  async cancel(account: Account, id: string): Promise<Order> {
    const order = await this.close(account, id, 'canceled');
    const { tenant, reference } = order;
    await this.emit('order.canceled', { id, tenant, reference, canceledAt: new Date() });
    return order;
  }

  private async close(account: Account, id: string, status: OrderStatus): Promise<Order> {
    const order = await this.get(account, id);
    if (order.status !== 'open') throw new ConflictException(`The order ${id} is ${order.status} already.`);
    return this.orders.save(this.orders.merge(order, { status }));
  }

  // The event is durable once `emitAsync` resolves, but it is not in one transaction with the order. Where that matters,
  // call `WebhooksService.publish` with the transaction.
  private async emit<Name extends TopicName>(topic: Name, payload: PayloadOf<Name>): Promise<void> {
    await this.emitter.emitAsync(topic, payload);
  }
}
