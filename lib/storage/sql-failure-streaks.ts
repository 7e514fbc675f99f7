import { randomUUID } from 'node:crypto';
import { FailureStreaks, type Failures, type FailureStreak } from '../deliveries/failure-streaks';
import type { Database, RowColumn } from './database';
import { integer, type DatabaseInteger } from './rows';

interface StreakRow {
  readonly id: string;
  readonly failures: DatabaseInteger;
  readonly failing_since: DatabaseInteger;
}

const COLUMNS: readonly RowColumn[] = [
  { name: 'id', type: 'text' },
  { name: 'updated_at', type: 'integer' },
  { name: 'failures', type: 'integer' },
  { name: 'failing_since', type: 'integer' },
  { name: 'counted_by', type: 'text' },
  { name: 'counted_last', type: 'integer' },
];

const SUMS = {
  failures: 't.failures + r.failures',
  failing_since: 'COALESCE(t.failing_since, r.failing_since)',
  counted_by: 'r.counted_by',
  counted_last: 'r.counted_last',
};

/** Where the answer to a count was lost, it is repeated; and where a subscription has changed, it is about another one. */
const COUNTS =
  't.updated_at = r.updated_at AND (t.counted_by IS NULL OR t.counted_by <> r.counted_by OR t.counted_last < r.counted_last)';

export class SqlFailureStreaks extends FailureStreaks {
  /** This process among those that count. */
  private readonly id = randomUUID();

  constructor(private readonly database: Database) {
    super();
  }

  async add(failures: readonly Failures[], now: number): Promise<ReadonlyMap<string, FailureStreak>> {
    const values = failures.map(({ subscriptionId, updatedAt, count, last }) => {
      return [subscriptionId, updatedAt, count, now, this.id, last];
    });
    await this.database.commit(this.database.updateWith('subscription', { columns: COLUMNS, values }, SUMS, COUNTS));
    return this.streaksOf(failures.map(({ subscriptionId }) => subscriptionId));
  }

  async end(subscriptionIds: readonly string[]): Promise<void> {
    const named = this.database.among('id', subscriptionIds);
    const sql = `UPDATE ${this.table} SET failures = 0, failing_since = NULL WHERE failures > 0 AND ${named.sql}`;
    await this.database.commit({ sql, params: named.params });
  }

  async of(subscriptionId: string): Promise<FailureStreak | null> {
    return (await this.streaksOf([subscriptionId])).get(subscriptionId) ?? null;
  }

  private async streaksOf(ids: readonly string[]): Promise<Map<string, FailureStreak>> {
    const named = this.database.among('id', ids);
    const sql = `SELECT id, failures, failing_since FROM ${this.table} WHERE failures > 0 AND ${named.sql}`;
    const rows = await this.database.read<StreakRow>({ sql, params: named.params });
    return new Map(rows.map((row) => [row.id, { failures: integer(row.failures), since: integer(row.failing_since) }]));
  }

  private get table(): string {
    return this.database.table('subscription');
  }
}
