import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { OwnedDto } from '../access/owned.dto';

const MOST = 1_000_000_000;

class StockLevelDto extends OwnedDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many are on the shelves.', example: 1000 })
  @IsInt()
  @Min(0)
  @Max(MOST)
  readonly physical!: number;

  @ApiProperty({ type: 'integer', description: 'How many may still be sold; below zero when oversold.', example: 973 })
  @IsInt()
  @Min(-MOST)
  @Max(MOST)
  readonly salable!: number;
}

export class StockChangeDto extends PartialType(StockLevelDto, { skipNullProperties: false }) {}
