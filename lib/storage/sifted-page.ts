import { earliestIdentifier } from '../shared/identifier';
import { DEFAULT_PAGE_SIZE, pageOf, type Page, type PageRequest } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Database } from './database';
import type { Conditions } from './selection';

/** How many rows one page looks at where no index finds what is asked for. */
export const ROWS_SIFTED = 5_000;

/** What is looked for in a table whose ids sort by time. */
export interface Search extends PageRequest {
  readonly table: string;
  /** What its ids begin with. */
  readonly prefix: string;
  /** Conditions by column that an index finds rows by, in the order of their ids; or that find few. */
  readonly indexed: Conditions;
  /** The condition of a partial index, as it stands there. */
  readonly indexCondition?: string;
  /** Conditions by column that every row between is held against. */
  readonly sifted: Conditions;
  /** The first and the last moment, in milliseconds since the epoch. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

/**
 * One page, newest first. Where rows have to be sifted, it looks at so many and no more: the page may be short, and
 * even empty, and the next one goes on where it stopped.
 */
export async function readSiftedPage<Row, Item extends { readonly id: string }>(
  database: Database,
  search: Search,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const { limit = DEFAULT_PAGE_SIZE } = search;
  const sifts = Object.values(search.sifted).some((value) => value !== undefined);
  const floor = sifts ? await floorOf(database, search) : undefined;
  const clauses = [...clausesOf(search, search.indexed), ...equalities(search.sifted)];
  if (floor !== undefined) clauses.push(['id >= ?', floor]);
  const rows = await database.read<Row>(
    selection(database, search.table, '*', clauses, `LIMIT ${Math.trunc(limit) + 1}`),
  );
  const page = pageOf(rows.map(toItem), limit, ({ id }) => id);
  return page.nextCursor === null && floor !== undefined ? { ...page, nextCursor: floor } : page;
}

/** The last row that this page looks at; undefined where it looks at all that there are. */
async function floorOf(database: Database, search: Search): Promise<string | undefined> {
  const end = `LIMIT 1 OFFSET ${ROWS_SIFTED - 1}`;
  const statement = selection(database, search.table, 'id', clausesOf(search, search.indexed), end);
  return (await database.read<{ id: string }>(statement))[0]?.id;
}

type Clause = readonly [sql: string, param?: string];

function clausesOf(search: Search, conditions: Conditions): Clause[] {
  const { prefix, indexCondition, cursor, createdFrom, createdTo } = search;
  const clauses = equalities(conditions);
  if (indexCondition !== undefined) clauses.push([indexCondition]);
  if (createdFrom !== undefined) clauses.push(['id >= ?', earliestIdentifier(prefix, createdFrom)]);
  if (createdTo !== undefined) clauses.push(['id < ?', earliestIdentifier(prefix, createdTo + 1)]);
  if (cursor !== undefined) clauses.push(['id < ?', cursor]);
  return clauses;
}

function equalities(conditions: Conditions): Clause[] {
  const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
  return given.map(([column, value]) => [`${column} = ?`, value]);
}

function selection(database: Database, table: string, what: string, clauses: Clause[], end: string): Statement {
  const where = clauses.length === 0 ? '' : ` WHERE ${clauses.map(([sql]) => sql).join(' AND ')}`;
  const params = clauses.map(([, param]) => param).filter((param) => param !== undefined);
  // Numbers in the text: MySQL's server-side statements take no parameters there.
  return { sql: `SELECT ${what} FROM ${database.table(table)}${where} ORDER BY id DESC ${end}`, params };
}
