import { DataSource } from 'typeorm';
import { SecretCipher } from '../encryption/secret-cipher';
import type { EncryptionKey } from '../encryption/encryption-key';
import type { Database } from '../storage/database';
import { schemaState } from '../storage/migrate';
import { openDatabase } from '../storage/open-database';
import { SqlDeliveriesRepository } from '../storage/sql-deliveries.repository';
import { SqlEventsRepository } from '../storage/sql-events.repository';
import { SqlLanesRepository } from '../storage/sql-lanes.repository';
import { SqlReplaysRepository } from '../storage/sql-replays.repository';
import { SqlRetentionRepository } from '../storage/sql-retention.repository';
import { SqlSecretStore } from '../storage/sql-secret-store';
import { SqlStatisticsRepository } from '../storage/sql-statistics.repository';
import { SqlSubscriptionsRepository } from '../storage/sql-subscriptions.repository';
import type { Subscription } from '../subscriptions/subscription';
import { CommandError, UsageError, type OptionDescription } from './command';
import { databaseAddress, type DatabaseAddress } from './database-url';
import type { Given } from './given';
import type { Terminal } from './terminal';

export const DATABASE_OPTIONS: readonly OptionDescription[] = [
  {
    name: 'database',
    value: 'URL',
    help: 'postgres://…, mysql://…, sqlite:path or the path of a SQLite file. Default: WEBHOOKS_DATABASE_URL, where a password is better kept.',
  },
  { name: 'table-prefix', value: 'PREFIX', help: 'The option tablePrefix of your host. Default: webhooks_' },
  { name: 'schema', value: 'NAME', help: 'Postgres: the schema that your data source names. Default: none' },
];

/** Two at once are enough for one command; the hosts need the rest. */
const POOL_SIZE = 2;
const SWEEP_AFTER_MS = 5_000;

/** What is kept in the database, by the same repositories that hosts use. */
export class Store {
  readonly deliveries: SqlDeliveriesRepository;
  readonly events: SqlEventsRepository;
  readonly subscriptions: SqlSubscriptionsRepository;
  readonly lanes: SqlLanesRepository;
  readonly replays: SqlReplaysRepository;
  readonly retention: SqlRetentionRepository;
  readonly statistics: SqlStatisticsRepository;
  readonly secrets: SqlSecretStore;

  constructor(
    readonly database: Database,
    /** What to call the database where others may read along. */
    readonly shown: string,
    keys: readonly EncryptionKey[],
  ) {
    const cipher = new SecretCipher(keys);
    this.deliveries = new SqlDeliveriesRepository(database);
    this.events = new SqlEventsRepository(database, SWEEP_AFTER_MS);
    this.subscriptions = new SqlSubscriptionsRepository(database, cipher);
    this.lanes = new SqlLanesRepository(database);
    this.replays = new SqlReplaysRepository(database);
    this.retention = new SqlRetentionRepository(database);
    this.statistics = new SqlStatisticsRepository(database);
    this.secrets = new SqlSecretStore(database, cipher);
  }

  /** @throws CommandError when the tables are not those that this release works with */
  async assertUpToDate(): Promise<void> {
    const { version, latest, missing, unknown } = await schemaState(this.database);
    if (unknown.length > 0) throw new CommandError(newer(this, unknown));
    if (missing.length === 0) return;
    throw new CommandError(
      `The tables ${this.database.prefix}* in ${this.shown} are of version ${version}, not ${latest}. ` +
        'Bring them up to date with: npx nestjs-webhooks migrate',
    );
  }

  /** @param given an id, or the number of a subscription. @throws CommandError when there is none */
  async subscription(given: string): Promise<Subscription> {
    const found = /^\d{1,15}$/.test(given)
      ? await this.subscriptions.byNumber(Number(given))
      : (await this.subscriptions.byIds([given]))[0];
    if (found) return found;
    throw new CommandError(`There is no subscription ${JSON.stringify(given)} in ${this.shown}.`);
  }

  /** How many processes there are that deliver. */
  async livingNodes(): Promise<number> {
    return (await this.lanes.survey()).nodes.filter(({ leaseMs }) => leaseMs > 0).length;
  }
}

export interface StoreOptions {
  /** Whether there may be no tables yet, or old ones. @default false */
  readonly mayBeEmpty?: boolean;
  /** Whether a SQLite file is made where there is none. @default false */
  readonly create?: boolean;
  /** What secrets are encrypted with. @default none */
  readonly keys?: readonly EncryptionKey[];
}

/** Runs `action` on the database that was asked for, and closes it. @throws UsageError when none was */
export async function withStore<Result>(
  given: Given,
  terminal: Terminal,
  action: (store: Store) => Promise<Result>,
  { mayBeEmpty = false, create = false, keys = [] }: StoreOptions = {},
): Promise<Result> {
  const url = given.text('database') ?? terminal.env.WEBHOOKS_DATABASE_URL ?? '';
  if (url === '') throw new UsageError('Expected a database: pass --database URL, or set WEBHOOKS_DATABASE_URL.');
  const tablePrefix = prefixFrom(given.text('table-prefix') ?? terminal.env.WEBHOOKS_TABLE_PREFIX ?? 'webhooks_');
  const address = databaseAddress(url, { schema: given.text('schema'), create });
  const host = await connected(address);
  try {
    const store = new Store(await opened(host, address, tablePrefix), address.shown, keys);
    try {
      if (!mayBeEmpty) await store.assertUpToDate();
      return await action(store);
    } finally {
      await store.database.close();
    }
  } finally {
    if (host.isInitialized) await host.destroy();
  }
}

export function newer({ shown, database }: Store, unknown: readonly string[]): string {
  return (
    `The tables ${database.prefix}* in ${shown} were made by a later release (${unknown.join(', ')}). ` +
    'Use the command line of that release.'
  );
}

/** Only SQLite needs the connection of the host; for the others, its options do. */
async function connected({ options, shown }: DatabaseAddress): Promise<DataSource> {
  try {
    const host = new DataSource(options);
    return options.type === 'better-sqlite3' ? await host.initialize() : host;
  } catch (error) {
    throw unreachable(shown, error);
  }
}

async function opened(host: DataSource, { shown }: DatabaseAddress, tablePrefix: string): Promise<Database> {
  try {
    return await openDatabase(host, { tablePrefix, poolSize: POOL_SIZE });
  } catch (error) {
    throw unreachable(shown, error);
  }
}

function unreachable(shown: string, error: unknown): CommandError {
  // Node reports "every address refused" as an AggregateError without a message.
  const reasons = error instanceof AggregateError ? error.errors : [error];
  const messages = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
  return new CommandError(`Cannot open ${shown}: ${messages.join(', ')}`, { cause: error });
}

function prefixFrom(text: string): string {
  if (/^[a-z][a-z0-9_]{0,24}$/.test(text)) return text;
  throw new UsageError(`Expected the table prefix to be at most 25 lower-case letters, digits and "_", got "${text}".`);
}
