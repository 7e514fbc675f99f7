import type { Statement } from '../shared/statement';
import { additions, DatabaseBusyError, namesOf, placeholders, type Expressions, type Rows } from './database';
import { driverCode, ServerDatabase } from './server.database';

/** MySQL and MariaDB. */
export class MysqlDatabase extends ServerDatabase {
  readonly kind = 'mysql';
  readonly clock = `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)`;
  // A snapshot from before another's commit would not show what an INSERT has just met.
  readonly currentRead = ' LOCK IN SHARE MODE';
  readonly hasPartialIndexes = false;

  native({ sql }: Statement): string {
    return sql;
  }

  among(column: string, values: readonly string[]): Statement {
    return { sql: values.length === 0 ? 'false' : `${column} IN (${placeholders(values)})`, params: values };
  }

  insertOrAdd(table: string, rows: Rows, key: readonly string[]): Statement {
    const names = namesOf(rows.columns).join(', ');
    const { sql, params } = this.source(rows);
    const sums = additions(rows, key, (column) => `${this.table(table)}.${column} + VALUES(${column})`);
    return {
      sql: `INSERT INTO ${this.table(table)} (${names}) SELECT ${names} FROM ${sql} ON DUPLICATE KEY UPDATE ${sums}`,
      params,
    };
  }

  updateWith(table: string, rows: Rows, expressions: Expressions, condition: string): Statement {
    const assignments = Object.entries(expressions).map(([column, expression]) => `t.${column} = ${expression}`);
    const { sql, params } = this.source(rows);
    const target = `UPDATE ${this.table(table)} AS t JOIN ${sql} ON t.id = r.id`;
    return { sql: `${target} SET ${assignments.join(', ')} WHERE ${condition}`, params };
  }

  async exclusively<Result>(action: () => Promise<Result>): Promise<Result> {
    const runner = this.dataSource.createQueryRunner();
    const name = `${this.prefix}migrations`;
    try {
      const [row] = (await runner.query('SELECT GET_LOCK(?, 60) AS locked', [name])) as [{ locked: unknown }];
      if (Number(row.locked) !== 1) throw new DatabaseBusyError(`The lock ${name} was not to be had within a minute.`);
      return await action();
    } finally {
      await runner.query('SELECT RELEASE_LOCK(?)', [name]);
      await runner.release();
    }
  }

  protected source({ columns, values }: Rows): Statement {
    const first = `SELECT ${columns.map(({ name }) => `? AS ${name}`).join(', ')}`;
    const other = `SELECT ${placeholders(columns)}`;
    const selections = values.map((_, index) => (index === 0 ? first : other));
    return { sql: `(${selections.join(' UNION ALL ')}) AS r`, params: values.flat() };
  }

  protected insertion(target: string): string {
    return `INSERT IGNORE INTO ${target}`;
  }

  protected isDeadlock(error: unknown): boolean {
    return ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'].includes(String(driverCode(error)));
  }
}
