import type { Cutoffs, Perishable } from '../retention/retention-limits';
import {
  RetentionRepository,
  type Examined,
  type PruneCounts,
  type PruneReport,
  type Round,
} from '../retention/retention.repository';
import type { Statement } from '../shared/statement';
import type { Database } from './database';
import { perishing } from './perishing';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

/** How many rows are looked at in one go, most of which may have to stay. */
const ROWS_EXAMINED = 2_000;

const TABLES = {
  ...{ deliveries: 'delivery', events: 'event', replays: 'replay', answers: 'delivery', payloads: 'event' },
} as const;

interface ReportRow {
  readonly id: Round;
  readonly started_at: DatabaseInteger | null;
  readonly finished_at: DatabaseInteger | null;
  readonly counts: string | null;
}

export class SqlRetentionRepository extends RetentionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async claim(round: Round, now: number, since: number): Promise<boolean> {
    // One that is said to have been taken later than now was taken by a clock that was ahead.
    const sql = `UPDATE ${this.turns} SET taken_at = ? WHERE id = ? AND (taken_at <= ? OR taken_at > ?)`;
    const [again] = await this.database.commit({ sql, params: [now, round, since, now] });
    if (again === 1) return true;
    const columns = [
      { name: 'id', type: 'text' },
      { name: 'taken_at', type: 'integer' },
    ] as const;
    const [first] = await this.database.commit(
      this.database.insertNew('retention', { columns, values: [[round, now]] }),
    );
    return first === 1;
  }

  async goOn(round: Round, now: number): Promise<void> {
    await this.database.commit({ sql: `UPDATE ${this.turns} SET taken_at = ? WHERE id = ?`, params: [now, round] });
  }

  async report(round: Round, { startedAt, finishedAt, counts }: PruneReport): Promise<void> {
    const sql = `UPDATE ${this.turns} SET started_at = ?, finished_at = ?, counts = ? WHERE id = ?`;
    await this.database.commit({ sql, params: [startedAt, finishedAt, JSON.stringify(counts), round] });
  }

  async lastReports(): Promise<Partial<Record<Round, PruneReport>>> {
    const sql = `SELECT id, started_at, finished_at, counts FROM ${this.turns}`;
    const rows = await this.database.read<ReportRow>({ sql, params: [] });
    return Object.fromEntries(rows.filter(({ counts }) => counts !== null).map((row) => [row.id, reportOf(row)]));
  }

  async examine(kind: Perishable, after: string, before: string, cutoffs: Cutoffs): Promise<Examined> {
    const table = this.tableOf(kind);
    const last = await this.lastExamined(table, after, before);
    const condition = perishing(kind, this.database, cutoffs);
    const [end, bound] = last === null ? ['<', before] : ['<=', last];
    const sql = `SELECT id FROM ${table} WHERE id > ? AND id ${end} ? AND ${condition.sql} ORDER BY id`;
    const rows = await this.database.read<{ id: string }>({ sql, params: [after, bound, ...condition.params] });
    return { perished: rows.map(({ id }) => id), last };
  }

  async take(kind: Perishable, ids: readonly string[], cutoffs: Cutoffs): Promise<Partial<PruneCounts>> {
    const condition = perishing(kind, this.database, cutoffs);
    if (kind === 'deliveries') return this.takeDeliveries(ids, condition);
    if (kind === 'answers') return this.takeAnswers(ids, cutoffs);
    const named = this.database.among('id', ids);
    const action =
      kind === 'payloads' ? `UPDATE ${this.tableOf(kind)} SET payload = ''` : `DELETE FROM ${this.tableOf(kind)}`;
    const sql = `${action} WHERE ${named.sql} AND ${condition.sql}`;
    const [taken] = await this.database.commit({ sql, params: [...named.params, ...condition.params] });
    return { [kind]: taken };
  }

  async countStatistics(before: number): Promise<number> {
    const sql = `SELECT COUNT(*) AS total FROM ${this.database.table('statistics')} WHERE hour < ?`;
    const [row] = await this.database.read<{ total: DatabaseInteger }>({ sql, params: [before] });
    return integer(row!.total);
  }

  /** Whatever is still there was over after all that was taken away. */
  async knownSince(): Promise<number | null> {
    const turn = { sql: `SELECT taken_at FROM ${this.turns} WHERE id = 'rows'`, params: [] };
    if ((await this.database.read(turn)).length === 0) return 0;
    const kept = `SELECT finished_at FROM ${this.tableOf('deliveries')} WHERE state IN ('delivered', 'canceled')`;
    const oldest = { sql: `${kept} ORDER BY id LIMIT 1`, params: [] };
    const [row] = await this.database.read<{ finished_at: DatabaseInteger | null }>(oldest);
    return integerOrNull(row?.finished_at ?? null);
  }

  async takeStatistics(before: number, limit: number): Promise<number> {
    const table = this.database.table('statistics');
    const oldest = { sql: `SELECT MIN(hour) AS hour FROM ${table} WHERE hour < ?`, params: [before] };
    const [row] = await this.database.read<{ hour: DatabaseInteger | null }>(oldest);
    const hour = integerOrNull(row!.hour);
    if (hour === null) return 0;
    const sums = { sql: `SELECT subscription_id AS id FROM ${table} WHERE hour = ? LIMIT ${limit}`, params: [hour] };
    const ids = (await this.database.read<{ id: string }>(sums)).map(({ id }) => id);
    const named = this.database.among('subscription_id', ids);
    const sql = `DELETE FROM ${table} WHERE hour = ? AND ${named.sql}`;
    await this.database.commit({ sql, params: [hour, ...named.params] });
    return ids.length;
  }

  private async takeDeliveries(ids: readonly string[], condition: Statement): Promise<Partial<PruneCounts>> {
    const named = this.database.among('id', ids);
    const ofThese = this.database.among('delivery_id', ids);
    const delivery = this.database.table('delivery');
    const [deliveries, attempts] = await this.database.commit(
      {
        sql: `DELETE FROM ${delivery} WHERE ${named.sql} AND ${condition.sql}`,
        params: [...named.params, ...condition.params],
      },
      // After the deliveries, so that those that somebody has just made pending again keep theirs.
      {
        sql:
          `DELETE FROM ${this.attempts} WHERE ${ofThese.sql} ` +
          `AND NOT EXISTS (SELECT 1 FROM ${delivery} d WHERE d.id = ${this.attempts}.delivery_id)`,
        params: ofThese.params,
      },
    );
    return { deliveries, attempts };
  }

  private async takeAnswers(ids: readonly string[], cutoffs: Cutoffs): Promise<Partial<PruneCounts>> {
    const named = this.database.among('delivery_id', ids);
    const over =
      `SELECT 1 FROM ${this.database.table('delivery')} d WHERE d.id = ${this.attempts}.delivery_id ` +
      `AND d.state <> 'pending' AND d.finished_at <= ?`;
    const sql =
      `UPDATE ${this.attempts} SET response_body = NULL ` +
      `WHERE ${named.sql} AND response_body IS NOT NULL AND EXISTS (${over})`;
    const [answers] = await this.database.commit({ sql, params: [...named.params, cutoffs.answers] });
    return { answers };
  }

  /** The last of the next rows, where there are that many and one more. */
  private async lastExamined(table: string, after: string, before: string): Promise<string | null> {
    const sql = `SELECT id FROM ${table} WHERE id > ? AND id < ? ORDER BY id LIMIT 1 OFFSET ${ROWS_EXAMINED - 1}`;
    const [row] = await this.database.read<{ id: string }>({ sql, params: [after, before] });
    return row?.id ?? null;
  }

  private tableOf(kind: Perishable): string {
    return this.database.table(TABLES[kind]);
  }

  private get attempts(): string {
    return this.database.table('attempt');
  }

  private get turns(): string {
    return this.database.table('retention');
  }
}

function reportOf({ started_at, finished_at, counts }: ReportRow): PruneReport {
  const times = { startedAt: integerOrNull(started_at) ?? 0, finishedAt: integerOrNull(finished_at) ?? 0 };
  return { ...times, counts: JSON.parse(counts!) as PruneCounts };
}
