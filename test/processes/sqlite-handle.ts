import type { DataSource } from 'typeorm';
import type { SqliteHandle } from '../../lib/storage/sqlite.statements';

/** The connection of better-sqlite3 behind a data source. */
export function sqliteOf({ driver }: DataSource): SqliteHandle {
  return (driver as unknown as { databaseConnection: SqliteHandle }).databaseConnection;
}
