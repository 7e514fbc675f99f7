import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentAccount, type Account } from '../access/account';
import { ApiKeyGuard } from '../access/api-key.guard';
import { NewOrderDto, OrderChangeDto } from './order.dto';
import type { Order } from './order.entity';
import { OrdersService } from './orders.service';

@ApiTags('Orders')
@UseGuards(ApiKeyGuard)
@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  list(@CurrentAccount() account: Account): Promise<Order[]> {
    return this.orders.list(account);
  }

  @Post()
  create(@CurrentAccount() account: Account, @Body() order: NewOrderDto): Promise<Order> {
    return this.orders.create(account, order);
  }

  @Get(':id')
  get(@CurrentAccount() account: Account, @Param('id') id: string): Promise<Order> {
    return this.orders.get(account, id);
  }

  @Patch(':id')
  change(@CurrentAccount() account: Account, @Param('id') id: string, @Body() change: OrderChangeDto): Promise<Order> {
    return this.orders.change(account, id, change);
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentAccount() account: Account, @Param('id') id: string): Promise<void> {
    return this.orders.remove(account, id);
  }

  @Post(':id/ship')
  @HttpCode(200)
  ship(@CurrentAccount() account: Account, @Param('id') id: string): Promise<Order> {
    return this.orders.ship(account, id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@CurrentAccount() account: Account, @Param('id') id: string): Promise<Order> {
    return this.orders.cancel(account, id);
  }
}
