import { defineTopic } from 'nestjs-webhooks';
import { identifier, timeOfIdentifier } from '../../lib/shared/identifier';
import type { DatabaseHandle, TestDatabase } from '../support/databases';
import { Host, type HostOptions } from '../support/host';
import { call, ClockBeside, type Calling, type Printed } from './command-line';

export class Order {
  id!: string;
}

export const OrderCreated = defineTopic('order.created', Order);
export const OrderShipped = defineTopic('order.shipped', Order);

/** Hosts on one database, and the command line beside them. */
export class World {
  readonly hosts: Host[] = [];

  constructor(readonly handle: DatabaseHandle) {}

  async host(options: HostOptions = {}): Promise<Host> {
    const host = await Host.start(this.handle, { topics: [OrderCreated, OrderShipped], ...options });
    host.clock.set(Math.max(0, latestIdentifierAt() - host.clock.now()));
    this.hosts.push(host);
    return host;
  }

  /** Calls a command on the database, at the time of the first host. */
  cli(args: readonly string[], { env = {}, ...calling }: Calling = {}): Promise<Printed> {
    const clock = this.hosts[0] && new ClockBeside(this.hosts[0].clock);
    return call(args, { clock, env: { WEBHOOKS_DATABASE_URL: this.handle.url, ...env }, ...calling });
  }

  async end(): Promise<void> {
    for (const host of this.hosts.splice(0)) await host.stop();
    await this.handle.drop();
  }
}

/** Identifiers of one process only ever grow, also past the clock of the next test's host. */
function latestIdentifierAt(): number {
  return timeOfIdentifier(identifier('any', 0)) + 1;
}

/** A fresh database for every test of a describe block. */
export function worldForEach(database: TestDatabase): { readonly world: World } {
  let world: World | undefined;
  beforeEach(async () => (world = new World(await database.create())));
  afterEach(() => world?.end());
  return {
    get world(): World {
      return world!;
    },
  };
}

export async function publish(host: Host, count: number, tenant: string | null = null): Promise<void> {
  for (let number = 1; number <= count; number++) {
    await host.webhooks.publish<Order>(OrderCreated, { id: `A-${number}` }, { tenant });
  }
  await host.webhooks.idle();
}
