import type { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { Database } from './database';
import { migrations } from './migrations/migrations';
import { MysqlDatabase } from './mysql.database';
import { PostgresDatabase } from './postgres.database';
import { SqliteDatabase } from './sqlite.database';
import type { SqliteHandle } from './sqlite.statements';

export interface DatabaseOptions {
  /** What the names of all tables begin with. */
  readonly tablePrefix: string;
  /** How many connections of its own the engine opens, beside the host's pool. */
  readonly poolSize: number;
}

/**
 * Opens the engine's own connections to the host's database, so that the host's pool is never drained and its
 * transactions never swallow our writes. Only SQLite in memory shares the host's connection: there is no other way in.
 * @throws WebhooksConfigurationError when the host's database is of a kind that is not supported
 */
export async function openDatabase(host: DataSource, options: DatabaseOptions): Promise<Database> {
  const { type } = host.options;
  if (type === 'better-sqlite3') return openSqlite(host, options);
  if (type === 'postgres') return openPostgres(host, options);
  if (type === 'mysql' || type === 'mariadb') {
    return new MysqlDatabase(
      await open(host, options, { ...pool(host, options, 'connectionLimit'), charset: 'utf8mb4' }),
      options.tablePrefix,
    );
  }
  throw new WebhooksConfigurationError(
    `Expected the data source to be of type "better-sqlite3", "postgres", "mysql" or "mariadb", got "${type}".`,
  );
}

async function openPostgres(host: DataSource, options: DatabaseOptions): Promise<Database> {
  const own = await open(host, options, pool(host, options, 'max'));
  const { master } = own.driver as unknown as { master: EventEmitter };
  // TypeORM listens for errors a moment after it has got a connection. One that the server ends in this very moment
  // would end the process; the statement fails all the same.
  master.on('connect', (client: EventEmitter) => client.on('error', () => undefined));
  return new PostgresDatabase(own, options.tablePrefix);
}

async function openSqlite(host: DataSource, options: DatabaseOptions): Promise<Database> {
  const hostHandle = handleOf(host);
  const shared = isInMemory(host);
  const own = shared
    ? await open(host, options, { driver: sharing(hostHandle) })
    : await open(host, options, { timeout: 0, enableWAL: false, prepareDatabase: useWriteAheadLog });
  return new SqliteDatabase(own, options.tablePrefix, handleOf(own), hostHandle, shared);
}

async function open(host: DataSource, { tablePrefix }: DatabaseOptions, differences: object): Promise<DataSource> {
  const dataSource = new DataSource({
    ...host.options,
    entities: [],
    subscribers: [],
    migrations: migrations(tablePrefix),
    migrationsTableName: `${tablePrefix}migrations`,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
    entityPrefix: '',
    logging: false,
    logger: undefined,
    cache: false,
    ...differences,
  });
  return dataSource.initialize();
}

function pool(host: DataSource, { poolSize }: DatabaseOptions, driverOption: string): object {
  const { extra } = host.options as { extra?: object };
  return { poolSize, extra: { ...extra, [driverOption]: poolSize } };
}

function handleOf(dataSource: DataSource): SqliteHandle {
  return (dataSource.driver as unknown as { databaseConnection: SqliteHandle }).databaseConnection;
}

function isInMemory(host: DataSource): boolean {
  const database = String(host.options.database);
  return database === '' || database.includes(':memory:');
}

/** A stand-in for the better-sqlite3 package whose every database is the host's open one, and cannot be closed. */
function sharing(handle: SqliteHandle): unknown {
  return function Database() {
    return Object.create(handle, { close: { value: () => undefined } }) as SqliteHandle;
  };
}

/** Readers and one writer need not wait for each other; committed means on disk. */
async function useWriteAheadLog(handle: { pragma(text: string): unknown }): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      handle.pragma('journal_mode = WAL');
      handle.pragma('synchronous = FULL');
      return;
    } catch (error) {
      if (tries >= 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
