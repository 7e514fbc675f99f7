import type { Statement } from '../shared/statement';
import { DEFAULT_PAGE_SIZE, pageOf, type Page, type PageRequest } from '../shared/page';
import type { Database } from './database';

/** Conditions by column; undefined ones do not count. */
export type Conditions = Readonly<Record<string, string | undefined>>;

/** One page of a table, newest first: identifiers sort by time, so the last one is the cursor. */
export async function readPage<Row, Item extends { readonly id: string }>(
  database: Database,
  table: string,
  conditions: Conditions,
  { limit = DEFAULT_PAGE_SIZE, cursor }: PageRequest,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const rows = await database.read<Row>(pageStatement(database.table(table), conditions, limit + 1, cursor));
  return pageOf(rows.map(toItem), limit, ({ id }) => id);
}

function pageStatement(table: string, conditions: Conditions, limit: number, cursor: string | undefined): Statement {
  const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
  const clauses = given.map(([column]) => `${column} = ?`);
  if (cursor !== undefined) clauses.push('id < ?');
  const where = clauses.length === 0 ? '' : ` WHERE ${clauses.join(' AND ')}`;
  const params = [...given.map(([, value]) => value), ...(cursor === undefined ? [] : [cursor])];
  // A number in the text: MySQL's server-side statements take no parameter here.
  return { sql: `SELECT * FROM ${table}${where} ORDER BY id DESC LIMIT ${Math.trunc(limit)}`, params };
}
