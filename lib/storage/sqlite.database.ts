import type { DataSource } from 'typeorm';
import type { Statement } from '../shared/statement';
import { SqliteCommits } from './sqlite.commits';
import { SqliteStatements, type SqliteHandle } from './sqlite.statements';
import {
  additions,
  Database,
  DatabaseBusyError,
  namesOf,
  placeholders,
  type Expressions,
  type RepeatedStatement,
  type Rows,
} from './database';

const LONGEST_WAIT_MS = 5_000;
const LONGEST_PAUSE_MS = 20;

/**
 * SQLite through better-sqlite3. Writes go in synchronous transactions, so that none is open while the host's code runs;
 * they wait, asynchronously, for the host's own transaction to end: a blocking wait would be a deadlock in
 * this one thread, and a commit in the midst of it would cost the host its snapshot.
 */
export class SqliteDatabase extends Database {
  readonly kind = 'sqlite';
  readonly clock = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;
  readonly currentRead = '';
  readonly hasPartialIndexes = true;
  private readonly statements: SqliteStatements;
  private readonly commits: SqliteCommits;

  constructor(
    dataSource: DataSource,
    prefix: string,
    handle: SqliteHandle,
    private readonly host: SqliteHandle,
    /** Whether both are one connection, on which even reads would see what the host may yet roll back. */
    private readonly shared: boolean,
  ) {
    super(dataSource, prefix);
    this.statements = new SqliteStatements(handle);
    this.commits = new SqliteCommits(handle, this.statements, (commit) =>
      this.whenFree(() => this.host.inTransaction, commit),
    );
  }

  read<Row>({ sql, params }: Statement): Promise<Row[]> {
    const run = () => this.statements.prepare(sql).all(...params) as Row[];
    return this.whenFree(() => this.shared && this.host.inTransaction, run);
  }

  commit(...statements: RepeatedStatement[]): Promise<number[]> {
    return this.commits.add(statements);
  }

  commitTogether(...statements: RepeatedStatement[]): Promise<number[]> {
    return this.commit(...statements);
  }

  async commitAndRead<Row>(statement: Statement, read: Statement): Promise<{ affected: number; rows: Row[] }> {
    const [affected] = await this.commit(statement);
    return { affected: affected!, rows: await this.read<Row>(read) };
  }

  native({ sql }: Statement): string {
    return sql;
  }

  among(column: string, values: readonly string[]): Statement {
    return { sql: `${column} IN (SELECT value FROM json_each(?))`, params: [JSON.stringify(values)] };
  }

  insertNew(table: string, { columns, values }: Rows, condition?: Statement): RepeatedStatement {
    const target = `${this.table(table)} (${namesOf(columns).join(', ')})`;
    // Without a WHERE, SQLite would read ON CONFLICT as a join's ON.
    const selection = `SELECT ${placeholders(columns)} WHERE ${condition?.sql ?? 'true'}`;
    const sql = `INSERT INTO ${target} ${selection} ON CONFLICT DO NOTHING`;
    return repeated(
      sql,
      values.map((row) => [...row, ...(condition?.params ?? [])]),
    );
  }

  insertOrAdd(table: string, rows: Rows, key: readonly string[]): RepeatedStatement {
    const target = `${this.table(table)} (${namesOf(rows.columns).join(', ')})`;
    const sums = additions(rows, key, (column) => `${column} + excluded.${column}`);
    const conflict = `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sums}`;
    return repeated(`INSERT INTO ${target} VALUES (${placeholders(rows.columns)}) ${conflict}`, rows.values);
  }

  update(table: string, { columns, values }: Rows, condition: string): RepeatedStatement {
    const [, ...others] = namesOf(columns);
    const assignments = others.map((column) => `${column} = ?`).join(', ');
    const sql = `UPDATE ${this.table(table)} AS t SET ${assignments} WHERE t.id = ? AND ${condition}`;
    return repeated(
      sql,
      values.map(([id, ...row]) => [...row, id]),
    );
  }

  updateWith(table: string, { columns, values }: Rows, expressions: Expressions, condition: string): RepeatedStatement {
    const assignments = Object.entries(expressions).map(([column, expression]) => `${column} = ${expression}`);
    const source = `(SELECT ${namesOf(columns)
      .map((name) => `? AS ${name}`)
      .join(', ')}) AS r`;
    const target = `UPDATE ${this.table(table)} AS t SET ${assignments.join(', ')}`;
    return repeated(`${target} FROM ${source} WHERE t.id = r.id AND ${condition}`, values);
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
}

/** A single row stays a plain statement, which fits any handle. */
function repeated(sql: string, rows: readonly (readonly unknown[])[]): RepeatedStatement {
  return rows.length === 1 ? { sql, params: rows[0]! } : { sql, params: [], repetitions: rows };
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
