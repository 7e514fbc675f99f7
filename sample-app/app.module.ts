import { Module, type DynamicModule } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WebhooksModule } from 'nestjs-webhooks';
import { openTelemetry } from 'nestjs-webhooks/opentelemetry';
import { prometheus } from 'nestjs-webhooks/prometheus';
import { Registry } from 'prom-client';
import type { AuthenticatedRequest } from './access/account';
import { ApiKeyGuard } from './access/api-key.guard';
import { ContactsModule } from './contacts/contacts.module';
import { CONTRACTS } from './contracts';
import { OperationsModule } from './operations/operations.module';
import { OrdersModule } from './orders/orders.module';
import { ReceiverModule } from './receiver/receiver.module';
import type { Settings } from './settings';
import { StockModule } from './stock/stock.module';

@Module({})
export class AppModule {
  static with({ database, retry, transport, encryptionKeys }: Settings): DynamicModule {
    const register = new Registry();
    return {
      module: AppModule,
      imports: [
        // `synchronize` only because this is a sample; the tables of the webhooks have migrations of their own.
        TypeOrmModule.forRoot({
          ...database,
          autoLoadEntities: true,
          synchronize: true,
          retryAttempts: 2,
          retryDelay: 500,
        }),
        ScheduleModule.forRoot(),
        EventEmitterModule.forRoot(),
        WebhooksModule.forRoot({
          contracts: CONTRACTS,
          guards: [ApiKeyGuard],
          tenant: (request: AuthenticatedRequest) => request.account.tenant,
          // The sample is its own subscriber: its receiver listens on this machine. In production nothing is allowed
          // here, or subscribers could make the server call its own neighbours.
          network: { allow: ['loopback'] },
          retry,
          transport,
          // Traces go wherever an SDK sends them that is loaded before the application; without one they cost nothing.
          observers: [prometheus({ register }), openTelemetry({ metrics: false })],
          encryptionKeys,
          asyncapi: { title: 'Fulfilment', version: '1.0.0' },
        }),
        OrdersModule,
        ContactsModule,
        StockModule,
        ReceiverModule,
        OperationsModule.with(register),
      ],
    };
  }
}
