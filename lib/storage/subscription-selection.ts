import type { Statement } from '../shared/statement';
import type {
  SubscriptionFilter,
  SubscriptionOrder,
  SubscriptionSelection,
} from '../subscriptions/subscriptions.repository';
import type { Value } from './database';

const COLUMNS: Readonly<Record<SubscriptionOrder, string>> = {
  id: 'id',
  number: 'number',
  url: 'url',
  topics: 'topics',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
};

type Clause = readonly [sql: string, param: Value | undefined];

/** A part of a sorted list. What sorts alike comes in the order it was made in. */
export function selectionStatement(
  table: string,
  filter: SubscriptionFilter,
  { sort, descending, limit, offset = 0, after }: SubscriptionSelection,
): Statement {
  const column = COLUMNS[sort];
  const [direction, beyond] = descending ? ['DESC', '<'] : ['ASC', '>'];
  const { sql, params } = where([...clausesOf(filter), [`${column} ${beyond} ?`, after]]);
  // Numbers in the text: MySQL's server-side statements take no parameters there.
  const part = `LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`;
  return { sql: `SELECT * FROM ${table}${sql} ORDER BY ${column} ${direction}, number ${direction} ${part}`, params };
}

export function countStatement(table: string, filter: SubscriptionFilter): Statement {
  const { sql, params } = where(clausesOf(filter));
  return { sql: `SELECT COUNT(*) AS total FROM ${table}${sql}`, params };
}

function clausesOf({ tenant, contract, createdFrom, createdTo }: SubscriptionFilter): Clause[] {
  return [
    ['tenant = ?', tenant],
    ['contract = ?', contract],
    ['created_at >= ?', createdFrom],
    ['created_at <= ?', createdTo],
  ];
}

function where(clauses: readonly Clause[]): Statement {
  const given = clauses.filter(([, param]) => param !== undefined);
  const sql = given.length === 0 ? '' : ` WHERE ${given.map(([clause]) => clause).join(' AND ')}`;
  return { sql, params: given.map(([, param]) => param) };
}
