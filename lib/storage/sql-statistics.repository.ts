import { DURATION_BOUNDS_MS } from '../statistics/durations';
import {
  StatisticsRepository,
  type Backlog,
  type HourlySums,
  type StatisticsScope,
} from '../statistics/statistics.repository';
import type { Sums } from '../statistics/sums';
import { timeOfIdentifier } from '../shared/identifier';
import type { Statement } from '../shared/statement';
import { namesOf, type Database, type RowColumn } from './database';
import { dueTime } from './delivery-rows';
import { integer, type DatabaseInteger } from './rows';

const COUNTS = ['attempts', 'succeeded', 'delivered_first', 'exhausted'] as const;
const DURATIONS = [...DURATION_BOUNDS_MS.map((bound) => `within_${bound}`), 'longer'];
const KEY: readonly RowColumn[] = [
  { name: 'hour', type: 'integer' },
  { name: 'subscription_id', type: 'text' },
];
const COLUMNS = [...KEY, ...[...COUNTS, ...DURATIONS].map((name): RowColumn => ({ name, type: 'integer' }))];

/** What is counted of one subscription, and of all together; beyond that only the first delivery is looked at. */
const MOST_COUNTED = 10_000;
const SUBSCRIPTIONS_PER_STATEMENT = 100;
const MOST_SUBSCRIPTIONS = 10_000;

type SumRow = Readonly<Record<string, DatabaseInteger>>;

interface BacklogRow {
  readonly pending: DatabaseInteger;
  readonly first_due: DatabaseInteger | null;
  readonly oldest: string | null;
}

export class SqlStatisticsRepository extends StatisticsRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async add(sums: readonly HourlySums[]): Promise<void> {
    const values = sums.map(({ hour, subscriptionId, sums: each }) => [hour, subscriptionId, ...valuesOf(each)]);
    await this.database.commit(this.database.insertOrAdd('statistics', { columns: COLUMNS, values }, namesOf(KEY)));
  }

  async hourly(scope: StatisticsScope, from: number, to: number): Promise<Omit<HourlySums, 'subscriptionId'>[]> {
    const whose = this.whose(scope);
    const columns = [...COUNTS, ...DURATIONS].map((name) => `SUM(s.${name}) AS ${name}`).join(', ');
    const sql =
      `SELECT s.hour AS hour, ${columns} FROM ${this.database.table('statistics')} s ` +
      `WHERE s.hour >= ? AND s.hour < ?${whose.sql} GROUP BY s.hour ORDER BY s.hour`;
    const rows = await this.database.read<SumRow>({ sql, params: [from, to, ...whose.params] });
    return rows.map((row) => ({ hour: integer(row.hour!), sums: sumsOf(row) }));
  }

  async backlog({ tenant, subscription }: StatisticsScope): Promise<Backlog> {
    if (subscription !== undefined) return together([await this.backlogOf([subscription], MOST_COUNTED)], true);
    const parts: (readonly [BacklogRow[], number])[] = [];
    let [after, seen, pending] = ['', 0, 0];
    for (; seen < MOST_SUBSCRIPTIONS; seen += SUBSCRIPTIONS_PER_STATEMENT) {
      const ids = await this.subscriptionsAfter(after, tenant);
      const each = pending >= MOST_COUNTED ? 1 : MOST_COUNTED / 10;
      if (ids.length > 0) parts.push(await this.backlogOf(ids, each));
      pending = parts.flatMap(([rows]) => rows).reduce((sum, row) => sum + integer(row.pending), 0);
      if (ids.length < SUBSCRIPTIONS_PER_STATEMENT) return together(parts, true);
      after = ids.at(-1)!;
    }
    return together(parts, false);
  }

  /** One row for each subscription, counted up to `most`, in the order of what is due. */
  private async backlogOf(ids: readonly string[], most: number): Promise<readonly [BacklogRow[], number]> {
    // One by one, each by index: no database finds a way to do so for a list of them.
    const pending =
      `SELECT id, next_attempt_at FROM ${this.database.table('delivery')} ` +
      `WHERE subscription_id = ? AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at, id LIMIT ${most}`;
    const one = `SELECT COUNT(*) AS pending, MIN(next_attempt_at) AS first_due, MIN(id) AS oldest FROM (${pending}) p`;
    const sql = ids.map(() => one).join(' UNION ALL ');
    return [await this.database.read<BacklogRow>({ sql, params: ids }), most];
  }

  private async subscriptionsAfter(after: string, tenant: string | undefined): Promise<string[]> {
    const owner = tenant === undefined ? '' : 'tenant = ? AND ';
    const sql =
      `SELECT id FROM ${this.database.table('subscription')} WHERE ${owner}id > ? ` +
      `ORDER BY id LIMIT ${SUBSCRIPTIONS_PER_STATEMENT}`;
    const params = [...(tenant === undefined ? [] : [tenant]), after];
    return (await this.database.read<{ id: string }>({ sql, params })).map(({ id }) => id);
  }

  private whose({ tenant, subscription }: StatisticsScope): Statement {
    if (subscription !== undefined) return { sql: ' AND s.subscription_id = ?', params: [subscription] };
    if (tenant === undefined) return { sql: '', params: [] };
    const owned = `SELECT id FROM ${this.database.table('subscription')} WHERE tenant = ?`;
    return { sql: ` AND s.subscription_id IN (${owned})`, params: [tenant] };
  }
}

function valuesOf({ attempts, succeeded, deliveredFirst, exhausted, durations }: Sums): number[] {
  return [attempts, succeeded, deliveredFirst, exhausted, ...durations];
}

function sumsOf(row: SumRow): Sums {
  return {
    attempts: integer(row.attempts!),
    succeeded: integer(row.succeeded!),
    deliveredFirst: integer(row.delivered_first!),
    exhausted: integer(row.exhausted!),
    durations: DURATIONS.map((name) => integer(row[name]!)),
  };
}

/** @param seenAll whether every subscription was looked at */
function together(parts: readonly (readonly [BacklogRow[], number])[], seenAll: boolean): Backlog {
  const rows = parts.flatMap(([found, most]) => found.map((row) => ({ ...row, pending: integer(row.pending), most })));
  const least = (times: (number | null)[]) => {
    const given = times.filter((time) => time !== null);
    return given.length === 0 ? null : Math.min(...given);
  };
  return {
    pending: rows.reduce((sum, { pending }) => sum + pending, 0),
    complete: seenAll && rows.every(({ pending, most }) => pending < most),
    firstDueAt: least(rows.map(({ first_due }) => dueTime(first_due))),
    oldestAt: least(rows.map(({ oldest }) => (oldest === null ? null : timeOfIdentifier(oldest)))),
  };
}
