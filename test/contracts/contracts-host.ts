import {
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import type { ExpressAdapter } from '@nestjs/platform-express';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Clock,
  DeliveriesRepository,
  SubscriptionsService,
  WebhooksModule,
  WebhooksService,
  type Contract,
  type Topic,
  type WebhooksOptions,
  type WebhooksStructure,
} from 'nestjs-webhooks';
import { ADAPTERS } from '../http/management-host';
import { describeEachDatabase, type DatabaseKind, type TestDatabase } from '../support/databases';
import { FakeClock } from '../support/fake-clock';
import { Receiver } from '../support/receiver';

interface HostRequest {
  readonly headers: { readonly authorization?: string };
  readonly query: { readonly bearer_token?: string };
  tenant?: string | null;
}

/** Knows tenants by a key that is their name, in a header or in the query; `operator` sees everybody's. */
@Injectable()
export class KeyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HostRequest>();
    const key = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? request.query.bearer_token;
    if (key === undefined || !['acme', 'globex', 'operator'].includes(key))
      throw new UnauthorizedException('Who is it?');
    request.tenant = key === 'operator' ? null : key;
    return true;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Exactly what was sent. */
  readonly text: string;
  readonly body: unknown;
}

export interface ContractsHostOptions {
  readonly contracts: readonly Contract[];
  readonly topics?: readonly Topic[];
  readonly webhooks?: WebhooksOptions & WebhooksStructure;
  readonly prepare?: (app: INestApplication) => void;
  /** Whether the host keeps the bytes of bodies. @default false */
  readonly rawBody?: boolean;
}

/** A host that serves contracts, called over real HTTP, with a receiver for what it sends and a clock to move. */
export class ContractsHost {
  private constructor(
    readonly app: INestApplication,
    readonly receiver: Receiver,
    readonly clock: FakeClock,
  ) {}

  static async start(
    database: TestDatabase,
    adapter: ExpressAdapter | FastifyAdapter,
    { contracts, topics = [], webhooks, prepare, rawBody }: ContractsHostOptions,
  ): Promise<ContractsHost> {
    const { options } = await database.create();
    const clock = new FakeClock();
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot(options),
        WebhooksModule.forRoot({
          contracts,
          guards: [KeyGuard],
          tenant: (request: Required<HostRequest>) => request.tenant,
          network: { allow: ['loopback'] },
          // A lease that a fake clock does not outrun.
          leaseMs: 86_400_000 * 30,
          ...webhooks,
        }),
        WebhooksModule.forFeature({ topics }),
      ],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    const app = module.createNestApplication(adapter, { logger: false, rawBody });
    prepare?.(app);
    await app.listen(0, '127.0.0.1');
    const host = new ContractsHost(app, await Receiver.start(), clock);
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

  /** @param route such as `POST /webhooks/` @param tenant whose key is sent; null for none */
  async call(route: string, body?: unknown, tenant: string | null = 'acme'): Promise<Answer> {
    const headers: Record<string, string> = tenant === null ? {} : { authorization: `Bearer ${tenant}` };
    if (body === undefined) return this.send(route, headers);
    return this.send(route, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body));
  }

  async send(route: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const [method, path] = route.split(' ') as [string, string];
    const answer = await fetch(new URL(path, await this.app.getUrl()), { method, headers, body });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.receiver.close();
  }
}

/** Describes a suite on Express and on Fastify, with one host for all its tests. */
export function describeContracts(
  options: ContractsHostOptions | (() => ContractsHostOptions),
  suite: (host: () => ContractsHost) => void,
  databases: DatabaseKind[] = ['sqlite'],
): void {
  describeEachDatabase({ only: databases }, (database) => {
    describe.each(ADAPTERS)('over %s', (_, makeAdapter) => {
      let host: ContractsHost;
      beforeAll(async () => {
        host = await ContractsHost.start(database, makeAdapter(), typeof options === 'function' ? options() : options);
      });
      afterAll(() => host?.stop());
      suite(() => host);
    });
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text || 'null') as unknown;
  } catch {
    return text;
  }
}
