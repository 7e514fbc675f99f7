import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  axiosTransport,
  defineTopic,
  WebhooksModule,
  type TransportFactory,
  type WebhooksOptions,
} from 'nestjs-webhooks';
import { undiciTransport } from 'nestjs-webhooks/undici';
import { dataSourceOptions } from '../support/databases/data-source-options';

export interface HostSettings {
  readonly databaseUrl: string;
  /** Over the short times that {@link QUICK} sets. */
  readonly webhooks?: Omit<WebhooksOptions, 'transport'>;
  /** @default 'axios' */
  readonly transport?: 'axios' | 'undici';
  /** What the host calls itself in each request, by the header `x-sent-by`. @default its process id */
  readonly name?: string;
}

class Parcel {
  serial!: number;
  /** Whether the host's own table tells of it, in the same transaction. */
  entered!: boolean;
}

export const TOPICS = ['order.created', 'order.shipped', 'invoice.paid'].map((name) => defineTopic(name, Parcel));

/** So that nobody waits long for what takes hours in earnest. */
const QUICK: WebhooksOptions = {
  network: { allow: ['loopback'] },
  leaseMs: 1_000,
  pollMs: 50,
  sweepAfterMs: 500,
};

/** A host that sends webhooks, for processes of their own. */
@Module({})
export class HostModule {
  static on({ databaseUrl, webhooks, transport = 'axios', name = String(process.pid) }: HostSettings): DynamicModule {
    const factory = transport === 'axios' ? axiosTransport() : undiciTransport();
    return {
      module: HostModule,
      imports: [
        TypeOrmModule.forRoot({ ...dataSourceOptions(databaseUrl), retryDelay: 100, retryAttempts: 100 }),
        WebhooksModule.forRoot({
          allowUnauthenticated: true,
          ...QUICK,
          ...webhooks,
          transport: named(name, factory),
        }),
        WebhooksModule.forFeature({ topics: TOPICS }),
      ],
    };
  }
}

/** Says in each request who sent it. */
function named(name: string, factory: TransportFactory): TransportFactory {
  return (policy, settings) => {
    const transport = factory(policy, settings);
    return {
      send: (request) => transport.send({ ...request, headers: { ...request.headers, 'x-sent-by': name } }),
      close: () => transport.close(),
    };
  };
}
