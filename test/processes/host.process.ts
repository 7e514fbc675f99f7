import './wall-clock';
import 'reflect-metadata';
import type { EventEmitter } from 'node:events';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import {
  DeliveriesRepository,
  ReplaysService,
  SubscriptionsService,
  WebhooksService,
  type Attempt,
  type NewSubscription,
  type Replay,
} from 'nestjs-webhooks';
import { Database } from '../../lib/storage/database';
import type { SqliteHandle } from '../../lib/storage/sqlite.statements';
import { obey, report } from './commands';
import { HostModule, TOPICS, type HostSettings } from './host.module';
import { sqliteOf } from './sqlite-handle';
import type { HostNotice } from './host';
import { Traffic, type TrafficSettings } from './traffic';
import { wallClock } from './wall-clock';

let app: INestApplicationContext;
let traffic: Traffic;

const webhooks = () => app.get(WebhooksService);
const hostDatabase = () => app.get<DataSource>(getDataSourceToken());
/** The host's connection to SQLite and the engine's own. */
const sqliteConnections = () => [hostDatabase(), app.get(Database).dataSource].map(sqliteOf);
const isSqlite = () => hostDatabase().options.type === 'better-sqlite3';

/** What faults make a host log is expected, and would drown what is not. */
const logger = process.env.WEBHOOKS_FAULTS_LOG ? (['error', 'warn'] as const) : (['fatal'] as const);

/** What a test can tell a host to do. A process opens one host, after it has loaded everything that takes long. */
const commands = {
  async open(settings: HostSettings): Promise<void> {
    app = await NestFactory.createApplicationContext(HostModule.on(settings), { logger: [...logger] });
    if (!isSqlite()) surviveEndedConnections();
    traffic = new Traffic(webhooks(), hostDatabase(), (publication) => report<HostNotice>(publication));
    webhooks().subscribe(({ type }) => type === 'lease.lost' && report<HostNotice>({ kind: 'lease lost' }));
    if (isSqlite()) sqliteConnections().forEach((connection) => wallClock.governs(connection));
  },

  async subscribe(wanted: readonly NewSubscription[]): Promise<void> {
    for (const subscription of wanted) await app.get(SubscriptionsService).create(subscription);
  },

  /** Makes a subscription that is to get what was published before it; answers the id of the replay. */
  async subscribeToThePast(wanted: NewSubscription): Promise<string> {
    const { id } = await app.get(SubscriptionsService).create(wanted);
    return (await app.get(ReplaysService).start(id, { from: 0, only: 'missing' })).id;
  },

  replay: (id: string): Promise<Replay> => app.get(ReplaysService).get(id),

  /** All that are written down. */
  async attempts(): Promise<Attempt[]> {
    const repository = app.get(DeliveriesRepository);
    const { data } = await repository.list({ limit: 250 });
    return (await Promise.all(data.map(({ id }) => repository.attemptsOf(id)))).flat();
  },

  async publish(count: number): Promise<void> {
    const events = Array.from({ length: count }, (_, serial) => ({ serial, entered: false }));
    await Promise.all(events.map((event) => webhooks().publish(TOPICS[0]!, event)));
  },

  /** Publishes steps of orders, those of one order one after the other: step 3 of order 2 is number 20,003. */
  async publishSteps(orders: readonly number[], from: number, to: number): Promise<void> {
    const publishAll = async (order: number) => {
      for (let step = from; step <= to; step++) {
        const parcel = { serial: order * 10_000 + step, entered: false };
        await webhooks().publish(TOPICS[0]!, parcel, { orderingKey: `order-${order}` });
      }
    };
    await Promise.all(orders.map(publishAll));
  },

  /** Is dead in the same turn in which the commit became known: nothing can have been fanned out yet. */
  async publishAndDie(): Promise<void> {
    await hostDatabase().transaction((transaction) =>
      webhooks().publish(TOPICS[0]!, { serial: 0, entered: false }, { transaction }),
    );
    process.kill(process.pid, 'SIGKILL');
  },

  beginTraffic: (settings: TrafficSettings): Promise<void> => traffic.begin(settings),
  burst: (count: number): void => traffic.burst(count),
  endTraffic: (): Promise<void> => traffic.end(),

  setClock: (aheadMs: number): void => wallClock.set(aheadMs),

  /** Leaves SQLite no page more than it has. */
  fillDisk: (): void => sqliteConnections().forEach((connection) => pragma(connection, 'max_page_count = 1')),
  freeDisk: (): void => sqliteConnections().forEach((connection) => pragma(connection, 'max_page_count = 4294967294')),

  /** The most memory that the process ever had, in bytes. */
  peakMemory: (): number => process.resourceUsage().maxRSS * 1_024,

  close: (): Promise<void> => app.close(),
};

export type HostCommands = typeof commands;

/** TypeORM leaves a gap in which a connection that the server ends would end the process: the host has to close its own. */
function surviveEndedConnections(): void {
  const { master } = hostDatabase().driver as unknown as { master?: EventEmitter };
  master?.on('connect', (client: EventEmitter) => client.on('error', () => undefined));
}

function pragma(connection: SqliteHandle, text: string): void {
  (connection as SqliteHandle & { pragma(text: string): unknown }).pragma(text);
}

// What ends a process that writes beyond its limit would hide how the database takes the failing write.
process.on('SIGXFSZ', () => undefined);

obey(commands, async () => {
  await traffic?.end();
  await app?.close();
});
