import { FailureStreaks, type FailureStreak } from '../deliveries/failure-streaks';
import type { Database } from './database';
import { integer, type DatabaseInteger } from './rows';

interface StreakRow {
  readonly id: string;
  readonly failures: DatabaseInteger;
  readonly failing_since: DatabaseInteger;
}

export class SqlFailureStreaks extends FailureStreaks {
  constructor(private readonly database: Database) {
    super();
  }

  async add(counts: ReadonlyMap<string, number>, now: number): Promise<ReadonlyMap<string, FailureStreak>> {
    // MySQL sees what it has just assigned, so the time comes first. In one order, so that no two batches deadlock.
    const since = 'CASE WHEN failures = 0 THEN ? ELSE failing_since END';
    const sql = `UPDATE ${this.table} SET failing_since = ${since}, failures = failures + ? WHERE id = ?`;
    const ids = [...counts.keys()].sort();
    await this.database.commit(...ids.map((id) => ({ sql, params: [now, counts.get(id), id] })));
    return this.streaksOf(ids);
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
