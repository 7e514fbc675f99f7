import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { IsEmail, IsString, Length, MaxLength } from 'class-validator';
import { OwnedDto } from '../access/owned.dto';

export class NewContactDto extends OwnedDto {
  @ApiProperty({ example: 'Ada Lovelace' })
  @IsString()
  @Length(1, 255)
  readonly name!: string;

  @ApiProperty({ example: 'ada@example.com' })
  @IsEmail()
  @MaxLength(255)
  readonly email!: string;
}

export class ContactChangeDto extends PartialType(OmitType(NewContactDto, ['tenant']), {
  skipNullProperties: false,
}) {}
