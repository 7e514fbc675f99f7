/** The part of better-sqlite3's connection that is used here. */
export interface SqliteHandle {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
}

export interface SqliteStatement {
  readonly reader: boolean;
  run(...params: unknown[]): { changes: number };
  all(...params: unknown[]): unknown[];
}

const MOST_PREPARED = 200;

/** The prepared statements of one connection. */
export class SqliteStatements {
  private readonly prepared = new Map<string, SqliteStatement>();

  constructor(private readonly handle: SqliteHandle) {}

  prepare(sql: string): SqliteStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= MOST_PREPARED) this.prepared.clear();
    const statement = this.handle.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}
