import type { Statement } from '../../lib/shared/statement';
import type { Database } from '../../lib/storage/database';

/** What is slow in the way that a database will go about a statement: reading a whole table, or sorting what it has read. */
// A table that is the outcome of another part of the statement is read whole: it is as short as that part made it.
const DERIVED = /^(SCAN (p|json_each|\(subquery-\d+\))|<derived\d+>)/;

export async function slowParts(database: Database, statement: Statement): Promise<string[]> {
  if (database.kind === 'postgres') return postgresParts(database, statement);
  return database.kind === 'sqlite' ? sqliteParts(database, statement) : mysqlParts(database, statement);
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly Plans?: readonly PlanNode[];
}

async function postgresParts(database: Database, { sql, params }: Statement): Promise<string[]> {
  const explained = { sql: `EXPLAIN (FORMAT JSON) ${sql}`, params };
  const [row] = await database.read<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(explained);
  const types = (node: PlanNode): string[] => [node['Node Type'], ...(node.Plans ?? []).flatMap(types)];
  return types(row!['QUERY PLAN'][0].Plan)
    .filter((type) => /Seq Scan|Sort/.test(type))
    .map((type) => (type === 'Seq Scan' ? 'scan' : 'sort'));
}

async function sqliteParts(database: Database, { sql, params }: Statement): Promise<string[]> {
  const rows = await database.read<{ detail: string }>({ sql: `EXPLAIN QUERY PLAN ${sql}`, params });
  return rows.flatMap(({ detail }) => {
    if (detail.includes('TEMP B-TREE')) return ['sort'];
    return /^SCAN (?!.*USING)/.test(detail) && !DERIVED.test(detail) ? ['scan'] : [];
  });
}

async function mysqlParts(database: Database, { sql, params }: Statement): Promise<string[]> {
  const rows = await database.read<{ table: string; type: string; Extra: string | null }>({
    sql: `EXPLAIN ${sql}`,
    params,
  });
  return rows.flatMap(({ table, type, Extra }) => [
    ...(type === 'ALL' && !DERIVED.test(table) ? ['scan'] : []),
    ...(Extra?.includes('filesort') ? ['sort'] : []),
  ]);
}

const DIGITS = Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ');
const NUMBERS =
  `SELECT a.d + b.d * 10 + c.d * 100 + d.d * 1000 + e.d * 10000 AS n ` +
  ['a', 'b', 'c', 'd', 'e'].map((name, place) => `${place === 0 ? 'FROM' : ','} (${DIGITS}) ${name}`).join(' ');

/** The id of a row: its number stands where an id has its time. */
export function idOf(prefix: string, number: number): string {
  return `${prefix}_${String(number).padStart(12, '0')}${ZEROS}`;
}

const ZEROS = '0'.repeat(20);

/** How many rows {@link fillTables} writes into each table. */
export const ROWS = 100_000;

/**
 * Fills the tables of events and deliveries: 20 tenants, of which each has one subscription; every hundredth delivery
 * has failed and every thousandth is pending.
 */
export async function fillTables(database: Database): Promise<void> {
  const text = { postgres: 'n::text', sqlite: 'n', mysql: 'n' }[database.kind];
  const id = (prefix: string, value = text) =>
    database.kind === 'sqlite'
      ? `'${prefix}_' || printf('%012d', ${value}) || '${ZEROS}'`
      : `CONCAT('${prefix}_', LPAD(${value}, 12, '0'), '${ZEROS}')`;
  const remainder = (of: number) => (database.kind === 'postgres' ? `(n % ${of})::text` : `n % ${of}`);
  const tenant = database.kind === 'sqlite' ? `'tenant-' || (n % 20)` : `CONCAT('tenant-', ${remainder(20)})`;
  const topic = `CASE WHEN n % 3 = 0 THEN 'order.created' ELSE 'order.shipped' END`;
  const state = `CASE WHEN n % 1000 = 1 THEN 'pending' WHEN n % 100 = 0 THEN 'failed' ELSE 'delivered' END`;
  await fill(database, 'event', 'id, topic, tenant, subject, payload, created_at', [
    ...[id('evt'), topic, tenant, `'A-1'`, `'{}'`, 'n'],
  ]);
  await fill(
    database,
    'delivery',
    'id, event_id, subscription_id, tenant, topic, state, attempt_count, next_attempt_at, created_at, finished_at, last_result',
    [
      ...[id('dlv'), id('evt'), id('sub', remainder(20)), tenant, topic, state, '1'],
      ...[`CASE WHEN n % 1000 = 1 THEN 1 END`, 'n', 'n', `CASE WHEN n % 100 = 0 THEN '500' ELSE '204' END`],
    ],
  );
}

/** 5,000 replays of one tenant that wait at the beginning of its events, and as many of other tenants that are over. */
export async function fillReplays(database: Database): Promise<void> {
  const text = { postgres: 'n::text', sqlite: 'n', mysql: 'n' }[database.kind];
  const id = database.kind === 'sqlite' ? `'rpl_' || printf('%05d', n)` : `CONCAT('rpl_', LPAD(${text}, 5, '0'))`;
  const columns =
    'id, subscription_id, events_of, from_at, to_at, choice, state, reached, until_id, examined, scheduled, created_at';
  const waits = 'n % 20 = 0';
  const values = [id, `'sub_7'`, `CASE WHEN ${waits} THEN 'tenant-7' ELSE 'tenant-8' END`, '0', '0', `'all'`];
  const state = `CASE WHEN ${waits} THEN 'running' ELSE 'finished' END`;
  await fill(database, 'replay', columns, [...values, state, `'evt_'`, `'evt_~'`, '0', '0', 'n']);
}

/**
 * Gives a subscription {@link ROWS} pending deliveries from number 200,000 on: a thousand in sequences of their own, and
 * all others in a long one, of which only the first is due.
 */
export async function fillWaiting(
  database: Database,
  subscription: string,
  long: string,
  waits: number,
): Promise<void> {
  const text = { postgres: '(n + 200000)::text', sqlite: 'n + 200000', mysql: 'n + 200000' }[database.kind];
  const id = (prefix: string) =>
    database.kind === 'sqlite'
      ? `'${prefix}_' || printf('%012d', ${text}) || '${ZEROS}'`
      : `CONCAT('${prefix}_', LPAD(${text}, 12, '0'), '${ZEROS}')`;
  const own = database.kind === 'sqlite' ? `'${subscription}.' || (n + 200000)` : `CONCAT('${subscription}.', ${text})`;
  await fill(
    database,
    'delivery',
    'id, event_id, subscription_id, topic, state, attempt_count, next_attempt_at, created_at, sequence',
    [
      ...[id('dlv'), id('evt'), `'${subscription}'`, `'order.created'`, `'pending'`, '0'],
      ...[`CASE WHEN n = 0 THEN 1 ELSE ${waits} END`, 'n'],
      `CASE WHEN n BETWEEN 1 AND 1000 THEN ${own} ELSE '${long}' END`,
    ],
  );
}

async function fill(database: Database, table: string, columns: string, values: readonly string[]): Promise<void> {
  const name = database.table(table);
  const sql = `INSERT INTO ${name} (${columns}) SELECT ${values.join(', ')} FROM (${NUMBERS}) numbers`;
  await database.commit({ sql, params: [] });
  await database.dataSource.query(
    { postgres: `VACUUM ANALYZE ${name}`, sqlite: 'ANALYZE', mysql: `ANALYZE TABLE ${name}` }[database.kind],
  );
}
