import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { StockController } from './stock.controller';
import { Stock } from './stock.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Stock]), WebhooksModule.forFeature({ entities: [Stock] })],
  controllers: [StockController],
})
export class StockModule {}
