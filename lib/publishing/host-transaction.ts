import { DataSource, EntityManager, type QueryRunner } from 'typeorm';
import type { PortableStatement } from '../shared/statement';
import { WebhooksError } from '../shared/webhooks.error';

/** What runs a statement by `query`: a TypeORM `EntityManager` or `QueryRunner`, a `pg` client, a `mysql2` connection. */
export interface QueryHandle {
  query(sql: string, params?: unknown[]): unknown;
}

/** A Knex transaction. */
export interface KnexHandle {
  raw(sql: string, params: readonly unknown[]): unknown;
}

/** The client that Prisma passes to an interactive transaction. */
export interface PrismaHandle {
  $executeRawUnsafe(sql: string, ...params: unknown[]): unknown;
  $queryRawUnsafe(sql: string, ...params: unknown[]): unknown;
}

/** A function that runs one statement; for anything else, such as Drizzle. Placeholders are the database's own. */
export type RunStatement = (sql: string, params: unknown[]) => unknown;

/** A transaction of the host: anything that runs one parameterised statement in it. */
export type HostTransaction = QueryHandle | KnexHandle | PrismaHandle | RunStatement;

/** Thrown when what was given as `transaction` cannot run a statement. */
export class UnknownTransactionError extends WebhooksError {
  override readonly code = 'WEBHOOKS_UNKNOWN_TRANSACTION';
}

/**
 * Runs a statement in the host's transaction.
 * @throws UnknownTransactionError when the handle has no way to run one
 */
export function runIn(transaction: HostTransaction, statement: PortableStatement): unknown {
  const { sql, nativeSql, params } = statement;
  if (typeof transaction === 'function') return transaction(nativeSql, [...params]);
  if ('$executeRawUnsafe' in transaction) return runWithPrisma(transaction, nativeSql, params);
  if ('query' in transaction) return transaction.query(nativeSql, [...params]);
  if ('raw' in transaction) return transaction.raw(sql, params);
  throw new UnknownTransactionError(
    'Expected transaction to be a TypeORM EntityManager or QueryRunner, a pg or mysql2 connection, a Knex or Prisma ' +
      'transaction, or a function (sql, params) => Promise, got something with none of query, raw and $executeRawUnsafe.',
  );
}

function runWithPrisma(transaction: PrismaHandle, sql: string, params: readonly unknown[]): unknown {
  const selects = sql.startsWith('SELECT');
  return selects ? transaction.$queryRawUnsafe(sql, ...params) : transaction.$executeRawUnsafe(sql, ...params);
}

/**
 * Refuses what would not be in a transaction although it looks so: a TypeORM handle that has none open.
 * @throws UnknownTransactionError
 */
export function assertOpen(transaction: HostTransaction): void {
  const open = queryRunnerOf(transaction)?.isTransactionActive ?? !isTypeOrm(transaction);
  if (open) return;
  throw new UnknownTransactionError(
    'The TypeORM handle that was given as transaction has no transaction open, so the event could outlive a rollback. ' +
      'Pass the manager of dataSource.transaction(async (manager) => …), or leave transaction out.',
  );
}

function isTypeOrm(transaction: HostTransaction): boolean {
  return transaction instanceof DataSource || transaction instanceof EntityManager;
}

/** The TypeORM query runner behind a handle, if there is one. */
export function queryRunnerOf(transaction: HostTransaction): QueryRunner | undefined {
  const candidate = transaction as Partial<QueryRunner & EntityManager>;
  return 'isTransactionActive' in candidate ? (candidate as QueryRunner) : candidate.queryRunner;
}
