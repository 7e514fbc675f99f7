import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { defineTopic, SubscriptionsService, WebhooksModule, WebhooksService } from 'nestjs-webhooks';
import { dataSourceOptions } from '../support/databases/data-source-options';
import type { HostCommand } from './child-host';

class Shipment {
  id!: string;
}

const OrderShipped = defineTopic('order.shipped', Shipment);

/** A whole host in a process of its own, for tests that kill it. It does what its parent says. */
@Module({
  imports: [
    TypeOrmModule.forRoot(dataSourceOptions(process.env.DATABASE_URL!)),
    WebhooksModule.forRoot({
      allowUnauthenticated: true,
      network: { allow: ['loopback'] },
      leaseMs: 1_000,
      pollMs: 50,
      sweepAfterMs: 500,
    }),
    WebhooksModule.forFeature({ topics: [OrderShipped] }),
  ],
})
class HostModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(HostModule, { logger: ['error', 'warn'] });
  const webhooks = app.get(WebhooksService);
  const subscriptions = app.get(SubscriptionsService);
  const dataSource = app.get<DataSource>(getDataSourceToken());

  async function obey(command: HostCommand): Promise<void> {
    switch (command.do) {
      case 'subscribe':
        for (const url of command.urls) await subscriptions.create({ url, topics: ['*'] });
        return;
      case 'publish':
        await Promise.all(
          Array.from({ length: command.count }, (_, index) => webhooks.publish(OrderShipped, { id: String(index) })),
        );
        return;
      case 'publish and die':
        await dataSource.transaction((manager) =>
          webhooks.publish(OrderShipped, { id: '1' }, { transaction: manager }),
        );
        // In the same turn in which the commit became known: nothing can have been fanned out yet.
        process.kill(process.pid, 'SIGKILL');
        return;
      case 'end':
        await app.close();
        process.disconnect();
    }
  }

  process.on('message', (command: HostCommand) => {
    obey(command).then(
      () => process.connected && process.send!({ done: command.do }),
      (error: unknown) => process.send!({ failed: String(error) }),
    );
  });
  process.send!({ done: 'boot' });
}

void main();
