import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';

/** What is made for somebody. */
export class OwnedDto {
  @ApiPropertyOptional({ type: String, nullable: true, description: 'Whose it is; only the operator may say.' })
  @IsOptional()
  @IsString()
  @Length(1, 255)
  readonly tenant?: string | null;
}
