import type { RepeatedStatement } from './database';
import type { SqliteHandle, SqliteStatements } from './sqlite.statements';

interface Waiting {
  readonly statements: readonly RepeatedStatement[];
  readonly resolve: (affected: number[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** What became of one commit among several: how many rows its statements have affected, or why there were none. */
type Result = { readonly affected: number[] } | { readonly error: unknown };

/**
 * The writes of one connection: those of one turn of the event loop go in one transaction, because each transaction
 * waits for the disk, and the whole process with it.
 */
export class SqliteCommits {
  private waiting: Waiting[] = [];

  constructor(
    private readonly handle: SqliteHandle,
    private readonly statements: SqliteStatements,
    /** Calls a function, again and again where it must be, when the database is free. */
    private readonly whenFree: (commit: () => Result[]) => Promise<Result[]>,
  ) {}

  /** Runs statements, all or none; answers how many rows each has affected. */
  add(statements: readonly RepeatedStatement[]): Promise<number[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ statements, resolve, reject });
      if (this.waiting.length === 1) setImmediate(() => void this.commit());
    });
  }

  private async commit(): Promise<void> {
    const together = this.waiting;
    this.waiting = [];
    try {
      const results = await this.whenFree(() => this.commitNow(together));
      together.forEach((each, index) => settle(each, results[index]!));
    } catch (error) {
      together.forEach(({ reject }) => reject(error));
    }
  }

  private commitNow(together: readonly Waiting[]): Result[] {
    this.run('BEGIN IMMEDIATE');
    try {
      const results = together.map(({ statements }) => this.runAll(statements));
      this.run('COMMIT');
      return results;
    } catch (error) {
      if (this.handle.inTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  /** Undoes only these statements where one of them fails, unless SQLite has undone everything. */
  private runAll(statements: readonly RepeatedStatement[]): Result {
    this.run('SAVEPOINT each');
    try {
      const affected = statements.map((statement) => this.affectedBy(statement));
      this.run('RELEASE each');
      return { affected };
    } catch (error) {
      if (!this.handle.inTransaction) throw error;
      this.run('ROLLBACK TO each');
      this.run('RELEASE each');
      return { error };
    }
  }

  private affectedBy({ sql, params, repetitions }: RepeatedStatement): number {
    const statement = this.statements.prepare(sql);
    if (!repetitions) return statement.run(...params).changes;
    return repetitions.reduce((changes, row) => changes + statement.run(...row).changes, 0);
  }

  private run(sql: string): void {
    this.statements.prepare(sql).run();
  }
}

function settle({ resolve, reject }: Waiting, result: Result): void {
  if ('affected' in result) resolve(result.affected);
  else reject(result.error);
}
