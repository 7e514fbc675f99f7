import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { WebhooksHealthIndicator } from 'nestjs-webhooks/terminus';
import { Registry } from 'prom-client';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';

/** What those look at who keep the sample running. */
@Module({})
export class OperationsModule {
  /** @param register the registry that the metrics are read from */
  static with(register: Registry): DynamicModule {
    return {
      module: OperationsModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [WebhooksHealthIndicator, { provide: Registry, useValue: register }],
    };
  }
}
