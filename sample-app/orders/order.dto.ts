import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { OwnedDto } from '../access/owned.dto';

export class OrderLineDto {
  @ApiProperty({ example: 'SKU-1' })
  @IsString()
  @Length(1, 100)
  readonly sku!: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 2 })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly quantity!: number;
}

export class NewOrderDto extends OwnedDto {
  @ApiProperty({ example: 'A-1001' })
  @IsString()
  @Length(1, 100)
  readonly reference!: string;

  @ApiProperty({ type: OrderLineDto, isArray: true })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => OrderLineDto)
  readonly lines!: OrderLineDto[];
}

export class OrderChangeDto extends PartialType(OmitType(NewOrderDto, ['tenant']), { skipNullProperties: false }) {}
