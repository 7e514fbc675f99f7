import type { HostTransaction } from 'nestjs-webhooks';
import type { DataSource } from 'typeorm';
import type { SqliteHandle } from '../../lib/storage/sqlite.statements';

/** Writes a row, in whatever transaction is open. */
export type Insert = (table: string, row: Record<string, string | null>) => Promise<unknown>;

/** What a host does in one transaction, whoever runs it. */
export type Work = (transaction: HostTransaction, insert: Insert) => Promise<void>;

/** The host's transactions by way of TypeORM. */
export function transactWithTypeOrm(dataSource: DataSource, work: Work): Promise<void> {
  return dataSource.transaction((manager) =>
    work(manager, (table, row) =>
      manager.createQueryBuilder().insert().into(table, Object.keys(row)).values(row).execute(),
    ),
  );
}

/**
 * The host's transactions on its connection to SQLite itself. When SQLite rolls back on its own, because the disk is full,
 * TypeORM loses count of its transactions, and sooner or later leaves one open for ever.
 */
export async function transactPlainly(sqlite: SqliteHandle, work: Work): Promise<void> {
  const run = (sql: string, params: readonly unknown[]) => Promise.resolve(sqlite.prepare(sql).run(...params));
  const insert: Insert = (table, row) => {
    const columns = Object.keys(row);
    const values = columns.map(() => '?').join(', ');
    return run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`, Object.values(row));
  };
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    await work(run, insert);
    sqlite.exec('COMMIT');
  } finally {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  }
}
