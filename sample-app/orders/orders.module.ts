import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { Order } from './order.entity';
import { OrderCanceled, OrderShipped } from './order.topics';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';

@Module({
  imports: [
    TypeOrmModule.forFeature([Order]),
    WebhooksModule.forFeature({ entities: [Order], topics: [OrderShipped, OrderCanceled] }),
  ],
  controllers: [OrdersController],
  providers: [OrdersService],
})
export class OrdersModule {}
