import { WebhooksConfigurationError } from '../shared/webhooks.error';
import type { Database } from './database';
import { VERSION_NAMES } from './migrations/migrations';

/** What happens to the tables at boot. */
export type SchemaOption = 'migrate' | 'verify';

/**
 * Brings the tables up to date, or makes sure that they are.
 * @throws WebhooksConfigurationError when they are to be verified and are not up to date
 */
export async function prepareSchema(database: Database, option: SchemaOption): Promise<void> {
  if (option === 'migrate') return database.exclusively(() => migrate(database));
  if (await database.dataSource.showMigrations()) {
    throw new WebhooksConfigurationError(
      `The tables that begin with "${database.prefix}" are not up to date, and schema is 'verify'. ` +
        "Start one process with schema: 'migrate' first, such as a step of your deployment.",
    );
  }
}

/** Which version the tables are of. */
export interface SchemaState {
  /** 0 where there are none yet. */
  readonly version: number;
  /** The version that this release works with. */
  readonly latest: number;
  /** The names of the versions that are still to come, in order. */
  readonly missing: readonly string[];
  /** The names of versions that only a later release knows. */
  readonly unknown: readonly string[];
}

/** Only reads. */
export async function schemaState(database: Database): Promise<SchemaState> {
  const applied = await appliedVersions(database);
  const missing = VERSION_NAMES.filter((name) => !applied.includes(name));
  const unknown = applied.filter((name) => !VERSION_NAMES.includes(name));
  return { version: applied.length, latest: VERSION_NAMES.length, missing, unknown };
}

async function appliedVersions(database: Database): Promise<string[]> {
  const table = database.table('migrations');
  if (!(await hasTable(database, table.replaceAll('"', '')))) return [];
  return (await database.read<{ name: string }>({ sql: `SELECT name FROM ${table}`, params: [] })).map(
    ({ name }) => name,
  );
}

async function hasTable({ dataSource }: Database, table: string): Promise<boolean> {
  const runner = dataSource.createQueryRunner();
  try {
    return await runner.hasTable(table);
  } finally {
    await runner.release();
  }
}

async function migrate(database: Database): Promise<void> {
  await database.dataSource.runMigrations({ transaction: 'all' });
}
