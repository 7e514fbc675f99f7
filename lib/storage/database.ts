import type { DataSource } from 'typeorm';
import type { Statement } from '../shared/statement';
import { WebhooksError } from '../shared/webhooks.error';

/** The databases that are supported, by what differs between them. */
export type DatabaseKind = 'sqlite' | 'postgres' | 'mysql';

/** A column of rows that travel to the database as one parameter or few. */
export interface RowColumn {
  readonly name: string;
  readonly type: 'text' | 'integer';
}

export type Value = string | number | null;

/** Rows that are written together. */
export interface Rows {
  readonly columns: readonly RowColumn[];
  /** One value for each column. */
  readonly values: readonly (readonly Value[])[];
}

/** What columns are set to, by their names. */
export type Expressions = Readonly<Record<string, string>>;

/** Thrown when the database stayed locked by somebody else for too long. */
export class DatabaseBusyError extends WebhooksError {
  override readonly code = 'WEBHOOKS_DATABASE_BUSY';
  override readonly status = 503;
}

/** A statement that is run once for each list of parameters. */
export interface RepeatedStatement extends Statement {
  readonly repetitions?: readonly (readonly unknown[])[];
}

/** The engine's own way to the host's database, and what differs between databases. */
export abstract class Database {
  abstract readonly kind: DatabaseKind;
  /** An expression: the database's own clock, in milliseconds since the epoch. */
  abstract readonly clock: string;

  /** What makes a SELECT read what is committed now, whatever snapshot its transaction has. */
  abstract readonly currentRead: string;

  /** Whether indexes can leave rows out, which makes some cheap that would cost too much. */
  abstract readonly hasPartialIndexes: boolean;

  constructor(
    readonly dataSource: DataSource,
    readonly prefix: string,
  ) {}

  /** The full name of one of our tables. */
  table(name: string): string {
    return `${this.prefix}${name}`;
  }

  abstract read<Row>(statement: Statement): Promise<Row[]>;

  /** Runs statements in one transaction, in this order; answers how many rows each has affected. */
  abstract commit(...statements: RepeatedStatement[]): Promise<number[]>;

  /** The same for statements that do not touch each other's rows: one round trip where the database can. */
  abstract commitTogether(...statements: RepeatedStatement[]): Promise<number[]>;

  /** Runs a statement and then reads: one round trip where the database can. The read may not see the change. */
  abstract commitAndRead<Row>(statement: Statement, read: Statement): Promise<{ affected: number; rows: Row[] }>;

  /** A statement with placeholders in the database's own form. */
  abstract native(statement: Statement): string;

  /** A condition: the column holds one of these values, however many. */
  abstract among(column: string, values: readonly string[]): Statement;

  /** Inserts rows where the condition holds; rows that meet a unique key stay out. */
  abstract insertNew(table: string, rows: Rows, condition?: Statement): RepeatedStatement;

  /** Inserts rows, or adds their other columns to those of the row that has the same key. */
  abstract insertOrAdd(table: string, rows: Rows, key: readonly string[]): RepeatedStatement;

  /** Sets the other columns of the rows with these ids, where the condition on such a row, `t`, holds. */
  abstract update(table: string, rows: Rows, condition: string): RepeatedStatement;

  /** Sets columns to these expressions, in which `t` is a row that is there, and `r` the one given with its id. */
  abstract updateWith(table: string, rows: Rows, expressions: Expressions, condition: string): RepeatedStatement;

  /** Runs `action` while no other process does the same. */
  abstract exclusively<Result>(action: () => Promise<Result>): Promise<Result>;

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

export function namesOf(columns: readonly RowColumn[]): string[] {
  return columns.map(({ name }) => name);
}

/** The columns that are not part of the key, each with what becomes of it. */
export function additions(rows: Rows, key: readonly string[], sum: (column: string) => string): string {
  const others = namesOf(rows.columns).filter((name) => !key.includes(name));
  return others.map((column) => `${column} = ${sum(column)}`).join(', ');
}

/** `?, ?, ?` */
export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
