import { Body, Controller, Param, Patch, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, type Repository } from 'typeorm';
import { CurrentAccount, ownerFor, type Account } from '../access/account';
import { ApiKeyGuard } from '../access/api-key.guard';
import { StockChangeDto } from './stock.dto';
import { Stock } from './stock.entity';

@ApiTags('Stock')
@UseGuards(ApiKeyGuard)
@Controller('stock')
export class StockController {
  constructor(@InjectRepository(Stock) private readonly stock: Repository<Stock>) {}

  /** Makes the stock level where there is none yet. */
  @Patch(':sku')
  async change(
    @CurrentAccount() account: Account,
    @Param('sku') sku: string,
    @Body() { tenant: named, ...level }: StockChangeDto,
  ): Promise<Stock> {
    const tenant = ownerFor(account, named);
    const found = await this.stock.findOneBy({ sku, tenant: tenant ?? IsNull() });
    return this.stock.save(this.stock.merge(found ?? this.stock.create({ sku, tenant }), level));
  }
}
