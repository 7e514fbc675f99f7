import type { Statement } from '../shared/statement';
import { DatabaseBusyError, placeholders, type RowColumn, type RowSource, type Value } from './database';
import { driverCode, ServerDatabase } from './server.database';

/** MySQL and MariaDB. */
export class MysqlDatabase extends ServerDatabase {
  readonly kind = 'mysql';
  readonly clock = `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000)`;
  // A snapshot from before another's commit would not show what an INSERT has just met.
  readonly currentRead = ' LOCK IN SHARE MODE';

  native({ sql }: Statement): string {
    return sql;
  }

  rows(columns: readonly RowColumn[], rows: readonly (readonly Value[])[]): RowSource {
    const first = `SELECT ${columns.map(({ name }) => `? AS ${name}`).join(', ')}`;
    const other = `SELECT ${columns.map(() => '?').join(', ')}`;
    const selections = rows.map((_, index) => (index === 0 ? first : other));
    return { sql: `(${selections.join(' UNION ALL ')}) AS r`, params: rows.flat() };
  }

  among(column: string, values: readonly string[]): Statement {
    return { sql: values.length === 0 ? 'false' : `${column} IN (${placeholders(values)})`, params: values };
  }

  insertNew(table: string, columns: readonly string[], source: RowSource): Statement {
    const names = columns.join(', ');
    const sql = `INSERT IGNORE INTO ${this.table(table)} (${names}) SELECT ${names} FROM ${source.sql}`;
    return { sql, params: source.params };
  }

  updateFrom(table: string, columns: readonly string[], source: RowSource, condition: string): Statement {
    const assignments = columns.map((column) => `t.${column} = r.${column}`).join(', ');
    const sql = `UPDATE ${this.table(table)} AS t JOIN ${source.sql} ON t.id = r.id SET ${assignments} WHERE ${condition}`;
    return { sql, params: source.params };
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

  protected isDeadlock(error: unknown): boolean {
    return ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_CHECKREAD'].includes(String(driverCode(error)));
  }
}
