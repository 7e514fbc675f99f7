import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ReplaysService, SubscriptionsService, WebhooksService, type WebhooksOptions } from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { obey, settings } from '../test/processes/commands';
import { flood, type Flooding } from './flood';
import { flow, type Publish, type Stream } from './flow';
import { HostModule, SampleHappened } from './host.module';
import { observations } from './observations';
import { sample } from './sample';
import { statementCount } from './statement-count';

export interface HostSettings {
  readonly databaseUrl: string;
  /** @default the library's own defaults */
  readonly webhooks?: WebhooksOptions;
  /** @default 'axios', as a host that says nothing has it */
  readonly transport?: 'axios' | 'undici';
}

export interface Endpoint {
  readonly url: string;
  readonly tenant: string;
}

/** What the bench can tell a host to do. */
function commandsOf(app: INestApplicationContext) {
  const webhooks = app.get(WebhooksService);
  const subscriptions = app.get(SubscriptionsService);
  const dataSource = app.get<DataSource>(getDataSourceToken());

  const publish: Publish = (index, tenant) => webhooks.publish(SampleHappened, sample(index), { tenant });
  const publishInTransaction: Publish = (index, tenant) =>
    dataSource.transaction((transaction) => webhooks.publish(SampleHappened, sample(index), { tenant, transaction }));

  return {
    /** Makes a subscription for each endpoint; answers their ids. */
    async subscribe(endpoints: readonly Endpoint[]): Promise<string[]> {
      const ids: string[] = [];
      for (const { url, tenant } of endpoints) {
        ids.push((await subscriptions.create({ url, tenant, topics: [SampleHappened.name] })).id);
      }
      return ids;
    },
    /** Makes a subscription and begins to send it all that its tenant had before. */
    async replayThePast({ url, tenant }: Endpoint): Promise<void> {
      const { id } = await subscriptions.create({ url, tenant, topics: [SampleHappened.name] });
      await app.get(ReplaysService).start(id, { from: 0, only: 'missing' });
    },
    /** Publishes for these tenants in turn, as fast as deliveries are recorded. */
    flood: (flooding: Flooding, tenants: readonly string[]) =>
      flood(
        {
          publish: (index) => publish(index, tenants[index % tenants.length]!),
          onDone: (listener) => onDelivered(webhooks, listener),
        },
        flooding,
      ),
    /** Publishes at a steady rate; answers what was published, for each stream. */
    flow: (streams: readonly Stream[], seconds: number, inTransaction = false) =>
      Promise.all(streams.map((stream) => flow(stream, seconds, inTransaction ? publishInTransaction : publish))),
    ...observations(app),
  };
}

export type HostCommands = ReturnType<typeof commandsOf>;

function onDelivered(webhooks: WebhooksService, listener: (error?: Error) => void): () => void {
  return webhooks.subscribe((event) => {
    if (event.type === 'delivery.delivered') listener();
    else if (event.type !== 'event.published')
      listener(new Error(`Expected nothing but deliveries, got ${event.type}`));
  });
}

async function main(): Promise<void> {
  const { databaseUrl, webhooks, transport = 'axios' } = settings<HostSettings>();
  const options = transport === 'undici' ? { ...webhooks, transport: undiciTransport() } : webhooks;
  statementCount.install();
  const app = await NestFactory.createApplicationContext(HostModule.on(databaseUrl, options), {
    logger: process.env.BENCH_LOG ? ['error', 'warn'] : false,
  });
  obey(commandsOf(app), () => app.close());
}

void main();
