import type { DataSource } from 'typeorm';
import type { Statement } from '../shared/statement';
import { Database, DatabaseBusyError, type RowColumn, type RowSource, type Value } from './database';

/** The part of better-sqlite3's connection that is used here. */
export interface SqliteHandle {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

interface SqliteStatement {
  readonly reader: boolean;
  run(...params: unknown[]): { changes: number };
  all(...params: unknown[]): unknown[];
}

const LONGEST_WAIT_MS = 5_000;
const LONGEST_PAUSE_MS = 20;
const MOST_PREPARED = 200;

/**
 * SQLite through better-sqlite3. A write is one synchronous transaction, so that it is never open while the host's
 * code runs; it waits, asynchronously, for the host's own transaction to end: a blocking wait would be a deadlock in
 * this one thread, and a commit in the midst of it would cost the host its snapshot.
 */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  readonly clock = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;
  readonly currentRead = '';
  private readonly prepared = new Map<string, SqliteStatement>();

  constructor(
    dataSource: DataSource,
    prefix: string,
    private readonly handle: SqliteHandle,
    private readonly host: SqliteHandle,
    /** Whether both are one connection, on which even reads would see what the host may yet roll back. */
    private readonly shared: boolean,
  ) {
    super(dataSource, prefix);
  }

  read<Row>({ sql, params }: Statement): Promise<Row[]> {
    const run = () => this.prepare(sql).all(...params) as Row[];
    return this.whenFree(() => this.shared && this.host.inTransaction, run);
  }

  commit(...statements: Statement[]): Promise<number[]> {
    return this.whenFree(
      () => this.host.inTransaction,
      () => this.commitNow(statements),
    );
  }

  commitTogether(...statements: Statement[]): Promise<number[]> {
    return this.commit(...statements);
  }

  async commitAndRead<Row>(statement: Statement, read: Statement): Promise<{ affected: number; rows: Row[] }> {
    const [affected] = await this.commit(statement);
    return { affected: affected!, rows: await this.read<Row>(read) };
  }

  native({ sql }: Statement): string {
    return sql;
  }

  rows(columns: readonly RowColumn[], rows: readonly (readonly Value[])[]): RowSource {
    const names = columns.map(({ name }, index) => `value ->> ${index} AS ${name}`).join(', ');
    return { sql: `(SELECT ${names} FROM json_each(?)) AS r`, params: [JSON.stringify(rows)] };
  }

  among(column: string, values: readonly string[]): Statement {
    return { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(values)] };
  }

  insertNew(table: string, columns: readonly string[], source: RowSource): Statement {
    const names = columns.join(', ');
    // Without a WHERE, SQLite would read ON CONFLICT as a join's ON.
    const selection = `SELECT ${names} FROM ${source.sql} WHERE true ON CONFLICT DO NOTHING`;
    return { sql: `INSERT INTO ${this.table(table)} (${names}) ${selection}`, params: source.params };
  }

  updateFrom(table: string, columns: readonly string[], source: RowSource, condition: string): Statement {
    const assignments = columns.map((column) => `${column} = r.${column}`).join(', ');
    const sql = `UPDATE ${this.table(table)} AS t SET ${assignments} FROM ${source.sql} WHERE t.id = r.id AND ${condition}`;
    return { sql, params: source.params };
  }

  /** SQLite has no lock to hold beside a transaction: whoever comes second fails, and looks again. */
  async exclusively<Result>(action: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await action();
      } catch (error) {
        if (tries >= 20) throw error;
        await pause(50);
      }
    }
  }

  private async whenFree<Result>(taken: () => boolean, run: () => Result): Promise<Result> {
    const deadline = performance.now() + LONGEST_WAIT_MS;
    for (let waitMs = 0; ; waitMs = Math.min(waitMs + 1, LONGEST_PAUSE_MS)) {
      try {
        if (!taken()) return run();
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
      if (performance.now() > deadline) throw busyTooLong();
      await pause(waitMs);
    }
  }

  private commitNow(statements: readonly Statement[]): number[] {
    this.prepare('BEGIN IMMEDIATE').run();
    try {
      const affected = statements.map(({ sql, params }) => this.prepare(sql).run(...params).changes);
      this.prepare('COMMIT').run();
      return affected;
    } catch (error) {
      if (this.handle.inTransaction) this.prepare('ROLLBACK').run();
      throw error;
    }
  }

  private prepare(sql: string): SqliteStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    const statement = this.handle.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
}

function busyTooLong(): DatabaseBusyError {
  return new DatabaseBusyError(
    `SQLite stayed locked for ${LONGEST_WAIT_MS / 1000} s by an open transaction. Where you publish inside a ` +
      'transaction of your own, pass it: publish(topic, payload, { transaction }); otherwise keep transactions short.',
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)));
}
