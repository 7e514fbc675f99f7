import {
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  defineTopic,
  WebhooksModule,
  WebhooksService,
  type WebhooksOptions,
  type WebhooksStructure,
} from 'nestjs-webhooks';
import type { DeliveryWithAttemptsView } from '../../lib/contracts/standard/delivery.view';
import type { EventWithPayloadView } from '../../lib/contracts/standard/event.view';
import type { FieldProblemView } from '../../lib/contracts/standard/problem.view';
import { describeEachDatabase, type DatabaseKind, type TestDatabase } from '../support/databases';
import { Receiver } from '../support/receiver';

export const OrderCreated = defineTopic('order.created', undefined, { description: 'An order was placed.' });
export const OrderShipped = defineTopic('order.shipped', undefined, {
  tenant: ({ account }: { account: string | null }) => account,
});

/** Who calls: the key is the bearer token, the value what the host's `tenant` option gives. */
const ACCOUNTS: Readonly<Record<string, unknown>> = {
  acme: 'acme',
  globex: 'globex',
  operator: null,
  'acme in capitals': 'ACME',
  'acme and a space': 'acme ',
  undefined: undefined,
  number: 42,
  empty: '',
};

interface HostRequest {
  readonly headers: { readonly authorization?: string };
  account?: { readonly id: unknown };
}

@Injectable()
export class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HostRequest>();
    const key = request.headers.authorization?.slice('Bearer '.length);
    if (key === undefined || !(key in ACCOUNTS)) throw new UnauthorizedException('Send a key that we know.');
    request.account = { id: ACCOUNTS[key] };
    return true;
  }
}

/** A subscription as the standard contract shows it. */
interface SubscriptionBody {
  readonly id: string;
  readonly url: string;
  readonly topics: readonly string[];
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly tenant: string | null;
  readonly suspendedAt: string | null;
  readonly suspendedReason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly secret: string;
}

/** Any answer's body: a test looks for what it expects there. */
export interface Body extends SubscriptionBody, Omit<EventWithPayloadView, 'topic'>, DeliveryWithAttemptsView {
  readonly data: readonly Body[];
  readonly nextCursor: string | null;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly FieldProblemView[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The ids of a list, in its order. */
export function idsOf({ data }: Pick<Body, 'data'>): string[] {
  return data.map(({ id }) => id);
}

/** A host with the management API, called over real HTTP. */
export class ManagementHost {
  private constructor(
    readonly app: INestApplication,
    readonly receiver: Receiver,
  ) {}

  static async start(
    database: TestDatabase,
    adapter: ExpressAdapter | FastifyAdapter,
    { structure = {}, prepare }: Omit<SuiteChoice, 'databases'> = {},
  ): Promise<ManagementHost> {
    const { options } = await database.create();
    const module = await Test.createTestingModule({
      imports: [
        TypeOrmModule.forRoot(options),
        WebhooksModule.forRoot({
          guards: [BearerGuard],
          tenant: (request: Required<HostRequest>) => request.account.id as string | null,
          network: { allow: ['loopback'] },
          ...structure,
        }),
        WebhooksModule.forFeature({ topics: [OrderCreated, OrderShipped] }),
      ],
    }).compile();
    const app = module.createNestApplication(adapter, { logger: false });
    prepare?.(app);
    await app.listen(0, '127.0.0.1');
    return new ManagementHost(app, await Receiver.start());
  }

  get webhooks(): WebhooksService {
    return this.app.get(WebhooksService);
  }

  /** @param caller whose bearer token is sent; null for none */
  async call(caller: string | null, route: string, body?: unknown): Promise<Answer> {
    if (body === undefined) return this.send(caller, route);
    return this.send(caller, route, { 'content-type': 'application/json' }, JSON.stringify(body));
  }

  /** As {@link call}, with a body and headers that are sent as they are. */
  async send(
    caller: string | null,
    route: string,
    extra: Readonly<Record<string, string>> = {},
    body?: string | Blob,
  ): Promise<Answer> {
    const [method, path] = route.split(' ') as [string, string];
    const headers = { ...(caller === null ? {} : { authorization: `Bearer ${caller}` }), ...extra };
    const answer = await fetch(new URL(path, await this.app.getUrl()), { method, headers, body });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text || 'null') as Body };
  }

  /** Makes a subscription of the receiver, and answers its view. */
  async subscribe(caller: string, wanted: object = {}, path = '/webhooks'): Promise<Body> {
    const body = { url: this.receiver.url('/hook'), topics: ['*'], ...wanted };
    const answer = await this.call(caller, `POST ${path}/subscriptions`, body);
    if (answer.status !== 201) throw new Error(`Expected 201, got ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.receiver.close();
  }
}

export const ADAPTERS: [name: string, make: () => ExpressAdapter | FastifyAdapter][] = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
];

interface SuiteChoice {
  readonly structure?: WebhooksStructure & WebhooksOptions;
  /** What the host does to its application before it listens. */
  readonly prepare?: (app: INestApplication) => void;
  /** @default SQLite: what HTTP does is the same on all */
  readonly databases?: DatabaseKind[];
}

/** Describes a suite on Express and on Fastify, with one host for all its tests. */
export function describeManagement(suite: (host: () => ManagementHost) => void, choice: SuiteChoice = {}): void {
  describeEachDatabase({ only: choice.databases ?? ['sqlite'] }, (database) => {
    describe.each(ADAPTERS)('over %s', (_, makeAdapter) => {
      let host: ManagementHost;
      beforeAll(async () => {
        host = await ManagementHost.start(database, makeAdapter(), choice);
      });
      afterAll(() => host?.stop());
      suite(() => host);
    });
  });
}

/** The same, where what is looked at comes out of the database. */
export function describeManagementOn(...databases: DatabaseKind[]): typeof describeManagement {
  return (suite, choice) => describeManagement(suite, { databases, ...choice });
}
