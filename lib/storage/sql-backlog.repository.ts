import { BacklogRepository, MOST_COUNTED, type Backlog } from '../deliveries/backlog.repository';
import type { Statement } from '../shared/statement';
import type { Database } from './database';
import { dueTime } from './delivery-rows';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

interface BacklogRow {
  readonly pending: DatabaseInteger;
  readonly first_delivery: DatabaseInteger | null;
  readonly first_event: DatabaseInteger | null;
  readonly suspended: DatabaseInteger;
}

/** How many lanes with pending deliveries are looked into where that takes naming them. */
const MOST_LANES = 1_000;

/** Steps from lane to lane in the index of what is due, so that neither a long history nor a long queue is read. */
export class SqlBacklogRepository extends BacklogRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async read(): Promise<Backlog> {
    const sql =
      `SELECT ${this.firstDelivery} AS first_delivery, ` +
      `(SELECT MIN(fan_out_at) FROM ${this.events} WHERE fan_out_at IS NOT NULL) AS first_event, ` +
      `(SELECT COUNT(*) FROM ${this.subscriptions} WHERE suspended_at IS NOT NULL) AS suspended, ` +
      `${this.isMysql ? '0' : this.count('next_attempt_at IS NOT NULL')} AS pending`;
    const [row] = await this.database.read<BacklogRow>({ sql, params: [] });
    const dueAt = [dueTime(row!.first_delivery), integerOrNull(row!.first_event)].filter((time) => time !== null);
    return {
      pending: this.isMysql ? await this.pendingOnMysql() : integer(row!.pending),
      firstDueAt: dueAt.length === 0 ? null : Math.min(...dueAt),
      suspended: integer(row!.suspended),
    };
  }

  async ping(): Promise<void> {
    await this.database.read({ sql: 'SELECT 1 AS one', params: [] });
  }

  /** What a disabled or suspended subscription holds back is not late. */
  private get firstDelivery(): string {
    const active = 's.enabled = 1 AND s.suspended_at IS NULL';
    if (this.isMysql) {
      return (
        `(SELECT MIN(w.due) FROM (${this.firstOfEachLane}) w ` +
        `JOIN ${this.subscriptions} s ON s.id = w.id WHERE ${active})`
      );
    }
    const first =
      `SELECT MIN(d.next_attempt_at) FROM ${this.deliveries} d ` +
      'WHERE d.subscription_id = s.id AND d.next_attempt_at IS NOT NULL';
    return `(SELECT MIN(w.due) FROM (SELECT (${first}) AS due FROM ${this.subscriptions} s WHERE ${active}) w)`;
  }

  /**
   * There, the index holds finished deliveries too, and only a grouping by its first column skips them; the others have
   * an index of what is pending alone.
   */
  private get firstOfEachLane(): string {
    return (
      `SELECT subscription_id AS id, MIN(next_attempt_at) AS due FROM ${this.deliveries} ` +
      'WHERE next_attempt_at > 0 GROUP BY subscription_id'
    );
  }

  private async pendingOnMysql(): Promise<number> {
    const lanes = { sql: `${this.firstOfEachLane} LIMIT ${MOST_LANES}`, params: [] };
    const ids = (await this.database.read<{ id: string }>(lanes)).map(({ id }) => id);
    const named = this.database.among('subscription_id', ids);
    const counting: Statement = {
      sql: `SELECT ${this.count(`${named.sql} AND next_attempt_at > 0`)} AS pending`,
      params: named.params,
    };
    const [row] = await this.database.read<Pick<BacklogRow, 'pending'>>(counting);
    return integer(row!.pending);
  }

  private count(condition: string): string {
    const pending = `SELECT 1 FROM ${this.deliveries} WHERE ${condition} LIMIT ${MOST_COUNTED}`;
    return `(SELECT COUNT(*) FROM (${pending}) p)`;
  }

  private get isMysql(): boolean {
    return this.database.kind === 'mysql';
  }

  private get deliveries(): string {
    return this.database.table('delivery');
  }

  private get events(): string {
    return this.database.table('event');
  }

  private get subscriptions(): string {
    return this.database.table('subscription');
  }
}
