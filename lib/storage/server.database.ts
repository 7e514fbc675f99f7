import type { QueryResult, QueryRunner } from 'typeorm';
import type { Statement } from '../shared/statement';
import { Database, namesOf, type Expressions, type Rows } from './database';

const MOST_TRIES = 5;

/** What Postgres and MySQL have in common: a pool, transactions over several round trips, deadlocks. */
export abstract class ServerDatabase extends Database {
  async read<Row>(statement: Statement): Promise<Row[]> {
    return this.dataSource.query<Row[]>(this.native(statement), [...statement.params]);
  }

  commit(...statements: Statement[]): Promise<number[]> {
    return this.retryingDeadlocks(async () => {
      const runner = this.dataSource.createQueryRunner();
      try {
        return statements.length === 1
          ? [await this.run(runner, statements[0]!)]
          : await this.inOrder(runner, statements);
      } finally {
        await runner.release();
      }
    });
  }

  commitTogether(...statements: Statement[]): Promise<number[]> {
    return this.commit(...statements);
  }

  async commitAndRead<Row>(statement: Statement, read: Statement): Promise<{ affected: number; rows: Row[] }> {
    const [affected] = await this.commit(statement);
    return { affected: affected!, rows: await this.read<Row>(read) };
  }

  insertNew(table: string, rows: Rows, condition?: Statement): Statement {
    const names = namesOf(rows.columns).join(', ');
    const source = this.source(rows);
    const selection = `SELECT ${names} FROM ${source.sql}${condition ? ` WHERE ${condition.sql}` : ''}`;
    const params = [...source.params, ...(condition?.params ?? [])];
    return { sql: this.insertion(`${this.table(table)} (${names}) ${selection}`), params };
  }

  update(table: string, rows: Rows, condition: string): Statement {
    const [, ...columns] = namesOf(rows.columns);
    return this.updateWith(table, rows, Object.fromEntries(columns.map((name) => [name, `r.${name}`])), condition);
  }

  abstract override updateWith(table: string, rows: Rows, expressions: Expressions, condition: string): Statement;

  /** Rows as the table `r`. */
  protected abstract source(rows: Rows): Statement;

  /** An INSERT of whatever follows INTO, without the rows that meet a unique key. */
  protected abstract insertion(target: string): string;

  /** Whether an error says that the whole transaction may simply be tried again. */
  protected abstract isDeadlock(error: unknown): boolean;

  /** Runs a batch again that met another one: which of two deadlocked transactions goes first does not matter. */
  protected async retryingDeadlocks<Result>(run: () => Promise<Result>): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await run();
      } catch (error) {
        if (tries >= MOST_TRIES || !this.isDeadlock(error)) throw error;
      }
    }
  }

  private async inOrder(runner: QueryRunner, statements: readonly Statement[]): Promise<number[]> {
    await runner.startTransaction();
    try {
      const affected: number[] = [];
      for (const statement of statements) affected.push(await this.run(runner, statement));
      await runner.commitTransaction();
      return affected;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    }
  }

  private async run(runner: QueryRunner, statement: Statement): Promise<number> {
    const result: QueryResult = await runner.query(this.native(statement), [...statement.params], true);
    return result.affected ?? 0;
  }
}

/** The code that a driver's error carries, through TypeORM's wrapping. */
export function driverCode(error: unknown): string | number | undefined {
  return (error as { driverError?: { code?: string | number } }).driverError?.code;
}
