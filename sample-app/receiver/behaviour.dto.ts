import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import type { Behaviour } from './mailbox';

export class BehaviourDto implements Behaviour {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0, example: 2 })
  @IsInt()
  @Min(0)
  readonly failNext: number = 0;

  @ApiPropertyOptional({ type: 'integer', minimum: 200, maximum: 599, default: 503 })
  @IsInt()
  @Min(200)
  @Max(599)
  readonly status: number = 503;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 60_000, default: 0 })
  @IsInt()
  @Min(0)
  @Max(60_000)
  readonly delayMs: number = 0;
}
