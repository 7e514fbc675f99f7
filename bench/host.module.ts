import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { defineTopic, WebhooksModule, type WebhooksOptions } from 'nestjs-webhooks';
import { dataSourceOptions } from '../test/support/databases/data-source-options';
import { Order, PlainOrder } from './order.entity';
import { Sample, TOPIC } from './sample';

export const SampleHappened = defineTopic(TOPIC, Sample);

/** The application that sends webhooks: nothing in it but what the bench needs. */
@Module({})
export class HostModule {
  static on(databaseUrl: string, webhooks: WebhooksOptions = {}): DynamicModule {
    return {
      module: HostModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(databaseUrl),
          entities: [Order, PlainOrder],
          synchronize: true,
          retryAttempts: 0,
        }),
        WebhooksModule.forRoot({
          allowUnauthenticated: true,
          network: { allow: ['loopback'] },
          // Endpoints that never answer would keep the process from ending.
          shutdownTimeoutMs: 100,
          ...webhooks,
        }),
        WebhooksModule.forFeature({ topics: [SampleHappened], entities: [Order] }),
      ],
    };
  }
}
