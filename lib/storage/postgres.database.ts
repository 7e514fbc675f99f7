import type { Statement } from '../shared/statement';
import { arrayOf } from './postgres.arrays';
import { additions, namesOf, type Expressions, type Rows } from './database';
import { driverCode, ServerDatabase } from './server.database';

const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';
const TYPES = { text: 'text', integer: 'bigint' } as const;

export class PostgresDatabase extends ServerDatabase {
  readonly kind = 'postgres';
  readonly clock = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
  readonly currentRead = '';
  readonly hasPartialIndexes = true;

  override table(name: string): string {
    const { schema } = this.dataSource.options as { schema?: string };
    return schema === undefined ? super.table(name) : `"${schema}".${super.table(name)}`;
  }

  native({ sql }: Statement): string {
    let number = 0;
    return sql.replace(/\?/g, () => `$${++number}`);
  }

  /** Joins the statements into one, so that a batch costs one round trip and no BEGIN and COMMIT. */
  override async commitTogether(...statements: Statement[]): Promise<number[]> {
    if (statements.length === 1) return this.commit(...statements);
    const parts = statements.map(({ sql }, index) => `s${index} AS (${sql} RETURNING 1)`);
    const counts = statements.map((_, index) => `(SELECT count(*)::int FROM s${index}) AS c${index}`);
    const sql = `WITH ${parts.join(', ')} SELECT ${counts.join(', ')}`;
    const params = statements.flatMap((statement) => statement.params);
    const [row] = await this.retryingDeadlocks(() => this.read<Record<string, number>>({ sql, params }));
    return statements.map((_, index) => row![`c${index}`]!);
  }

  override async commitAndRead<Row>(statement: Statement, read: Statement): Promise<{ affected: number; rows: Row[] }> {
    const sql =
      `WITH written AS (${statement.sql} RETURNING 1), found AS (${read.sql}) ` +
      `SELECT (SELECT count(*)::int FROM written) AS written, found.* FROM found`;
    const params = [...statement.params, ...read.params];
    const rows = await this.retryingDeadlocks(() => this.read<Row & { written: number }>({ sql, params }));
    return { affected: rows[0]?.written ?? 0, rows };
  }

  among(column: string, values: readonly string[]): Statement {
    return { sql: `${column} = ANY(?::text[])`, params: [values] };
  }

  insertOrAdd(table: string, rows: Rows, key: readonly string[]): Statement {
    const names = namesOf(rows.columns).join(', ');
    const { sql, params } = this.source(rows);
    const sums = additions(rows, key, (column) => `t.${column} + EXCLUDED.${column}`);
    const target = `${this.table(table)} AS t (${names})`;
    return {
      sql: `INSERT INTO ${target} SELECT ${names} FROM ${sql} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sums}`,
      params,
    };
  }

  updateWith(table: string, rows: Rows, expressions: Expressions, condition: string): Statement {
    const assignments = Object.entries(expressions).map(([column, expression]) => `${column} = ${expression}`);
    const { sql, params } = this.source(rows);
    const target = `UPDATE ${this.table(table)} AS t SET ${assignments.join(', ')}`;
    return { sql: `${target} FROM ${sql} WHERE t.id = r.id AND ${condition}`, params };
  }

  /** The lock is a transaction's, not a session's, so that it works through poolers too. */
  exclusively<Result>(action: () => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`${this.prefix}migrations`]);
      return action();
    });
  }

  protected source({ columns, values }: Rows): Statement {
    const arrays = columns.map(({ type }) => `?::${TYPES[type]}[]`).join(', ');
    const params = columns.map((column, index) =>
      arrayOf(
        column,
        values.map((row) => row[index]!),
      ),
    );
    return { sql: `unnest(${arrays}) AS r(${namesOf(columns).join(', ')})`, params };
  }

  protected insertion(target: string): string {
    return `INSERT INTO ${target} ON CONFLICT DO NOTHING`;
  }

  protected isDeadlock(error: unknown): boolean {
    return [DEADLOCK_DETECTED, SERIALIZATION_FAILURE].includes(String(driverCode(error)));
  }
}
