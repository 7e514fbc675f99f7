import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';

/** Open, because this is a sample: in production, serve it where only Prometheus comes. */
@ApiTags('Operations')
@ApiSecurity({})
@Controller('metrics')
export class MetricsController {
  constructor(private readonly register: Registry) {}

  @Get()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'What Prometheus scrapes.', schema: { type: 'string' } })
  metrics(): Promise<string> {
    return this.register.metrics();
  }
}
