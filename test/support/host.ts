import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { TypeOrmModule, getDataSourceToken } from '@nestjs/typeorm';
import { Webhook } from 'standardwebhooks';
import type { DataSource } from 'typeorm';
import {
  Clock,
  DeliveriesRepository,
  EventsRepository,
  SubscriptionsService,
  WebhooksModule,
  WebhooksService,
  type NewSubscription,
  type Subscription,
  type Topic,
  type WebhookEvent,
  type WebhooksOptions,
  type WebhooksStructure,
} from 'nestjs-webhooks';
import { identifier, timeOfIdentifier } from '../../lib/shared/identifier';
import type { DatabaseHandle, TestDatabase } from './databases';
import { FakeClock } from './fake-clock';
import { Receiver } from './receiver';

/** The body of a delivery as Standard Webhooks recommends it. */
export interface StandardBody {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}

export interface HostOptions {
  readonly topics?: readonly Topic[];
  readonly entities?: readonly Type[];
  readonly webhooks?: WebhooksOptions & WebhooksStructure;
  readonly imports?: ModuleMetadata['imports'];
  /** @default a fake one */
  readonly clock?: Clock;
}

/** A NestJS application that sends webhooks, with everything around it that a test looks at. */
export class Host {
  private constructor(
    readonly app: INestApplication,
    readonly clock: FakeClock,
    readonly receiver: Receiver,
  ) {}

  static async start(database: Pick<DatabaseHandle, 'options'>, options: HostOptions = {}): Promise<Host> {
    const clock = new FakeClock();
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot({
          ...database.options,
          entities: [...(options.entities ?? [])],
          synchronize: true,
          retryAttempts: 0, // the database is there; what fails now fails for good
        }),
        // A lease that a fake clock does not outrun, so that a day passes without thousands of heartbeats.
        WebhooksModule.forRoot({
          allowUnauthenticated: true,
          network: { allow: ['loopback'] },
          leaseMs: 86_400_000 * 30,
          retry: { jitter: 0 },
          ...options.webhooks,
        }),
        WebhooksModule.forFeature({ topics: options.topics, entities: options.entities }),
        ...(options.imports ?? []),
      ],
    })
      .overrideProvider(Clock)
      .useValue(options.clock ?? clock)
      .compile();
    const app = module.createNestApplication({ logger: ['error', 'warn'] });
    app.useLogger(false);
    await initialised(app);
    const host = new Host(app, clock, await Receiver.start());
    clock.settle = () => host.webhooks.idle();
    return host;
  }

  get webhooks(): WebhooksService {
    return this.app.get(WebhooksService);
  }

  get subscriptions(): SubscriptionsService {
    return this.app.get(SubscriptionsService);
  }

  get deliveries(): DeliveriesRepository {
    return this.app.get(DeliveriesRepository);
  }

  get dataSource(): DataSource {
    return this.app.get<DataSource>(getDataSourceToken());
  }

  /** Subscribes the receiver to everything, unless told otherwise. */
  subscribe(wanted: Partial<NewSubscription> = {}): Promise<Subscription> {
    return this.subscriptions.create({ url: this.receiver.url('/hook'), topics: ['*'], ...wanted });
  }

  /** Every event in the table, oldest first. */
  async events(): Promise<WebhookEvent[]> {
    const { data } = await this.app.get(EventsRepository).list({ limit: 250 });
    return [...data].reverse();
  }

  /** What the receiver got, parsed; each signature is checked with a library that this project did not write. */
  received(secret: string): StandardBody[] {
    const now = jest.spyOn(Date, 'now').mockReturnValue(this.clock.now());
    try {
      return this.receiver.requests.map(
        ({ body, headers }) => new Webhook(secret).verify(body, headers as Record<string, string>) as StandardBody,
      );
    } finally {
      now.mockRestore();
    }
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.receiver.close();
  }
}

/** Ids only ever grow, also where a clock is set back, as the fake one is for each test. */
export function catchUp({ clock }: Host): void {
  clock.set(timeOfIdentifier(identifier('evt', clock.now())) - clock.now() + 1);
}

/** A fresh database and host for every test of a describe block. */
export function hostForEach(database: TestDatabase, options: HostOptions = {}): { readonly host: Host } {
  let handle: DatabaseHandle | undefined;
  let host: Host | undefined;
  beforeEach(async () => {
    handle = await database.create();
    host = await Host.start(handle, options);
  });
  afterEach(async () => {
    await host?.stop();
    await handle?.drop();
    host = handle = undefined;
  });
  return {
    get host(): Host {
      return host!;
    },
  };
}

// A connection that a failed start leaves behind would keep Jest from ending.
async function initialised(app: INestApplication): Promise<void> {
  try {
    await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
}
