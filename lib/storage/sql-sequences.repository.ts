import { sequencesOf, WAITS_ITS_TURN } from '../deliveries/sequence';
import { SequencesRepository, type Head } from '../deliveries/sequences.repository';
import type { Statement } from '../shared/statement';
import type { Database } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

interface HeadRow {
  readonly id: string;
  readonly sequence: string;
  readonly next_attempt_at: DatabaseInteger;
}

interface ReplayingRow {
  readonly held: DatabaseInteger;
  readonly reached: string | null;
}

const HEADS_PER_STATEMENT = 100;

export class SqlSequencesRepository extends SequencesRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async awaiting(subscriptionId: string, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const [replaying, behind] = await Promise.all([this.replaying(subscriptionId), this.behindOthers(eventIds)]);
    if (!replaying || integer(replaying.held) === 1) return new Set(eventIds);
    if (replaying.reached === null) return behind;
    return new Set(eventIds.filter((id) => behind.has(id) || id > replaying.reached!));
  }

  async heads(sequences: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const heads = new Map<string, Head>();
    for (let first = 0; first < sequences.length; first += HEADS_PER_STATEMENT) {
      for (const row of await this.headsOf(sequences.slice(first, first + HEADS_PER_STATEMENT))) {
        heads.set(row.sequence, { id: row.id, waits: integerOrNull(row.next_attempt_at) === WAITS_ITS_TURN });
      }
    }
    return heads;
  }

  async hold(deliveryIds: readonly string[]): Promise<void> {
    if (deliveryIds.length === 0) return;
    const named = this.database.among('id', deliveryIds);
    const sql = `UPDATE ${this.deliveries} SET next_attempt_at = ${WAITS_ITS_TURN} WHERE next_attempt_at IS NOT NULL AND ${named.sql}`;
    await this.database.commit({ sql, params: named.params });
  }

  async letGo(deliveryIds: readonly string[], now: number): Promise<void> {
    if (deliveryIds.length === 0) return;
    const named = this.database.among('id', deliveryIds);
    const sql = `UPDATE ${this.deliveries} SET next_attempt_at = ? WHERE next_attempt_at = ${WAITS_ITS_TURN} AND ${named.sql}`;
    await this.database.commit({ sql, params: [now, ...named.params] });
  }

  async letAnyGo(subscriptionId: string, now: number, limit: number): Promise<number> {
    const sql =
      `SELECT id FROM ${this.deliveries} WHERE subscription_id = ? AND next_attempt_at = ${WAITS_ITS_TURN} ` +
      `ORDER BY id LIMIT ${Math.trunc(limit)}`;
    const rows = await this.database.read<{ id: string }>({ sql, params: [subscriptionId] });
    await this.letGo(
      rows.map(({ id }) => id),
      now,
    );
    return rows.length;
  }

  /** Steps from name to name, however many deliveries each has. */
  async names(subscriptionId: string, after: string | undefined, limit: number): Promise<string[]> {
    const [before, end] = sequencesOf(subscriptionId);
    const params = [after ?? before, end];
    const rows = await this.database.read<{ name: string }>(
      this.database.kind === 'mysql' ? this.grouping(params, limit) : this.stepping(params, limit),
    );
    return rows.map(({ name }) => name);
  }

  /** There, only a grouping skips what has the same name; elsewhere, it does not. */
  private grouping(params: readonly string[], limit: number): Statement {
    const sql =
      `SELECT sequence AS name FROM ${this.deliveries} WHERE sequence > ? AND sequence < ? ` +
      `GROUP BY sequence ORDER BY sequence LIMIT ${Math.trunc(limit)}`;
    return { sql, params };
  }

  private stepping(params: readonly string[], limit: number): Statement {
    const next = (beyond: string) =>
      `(SELECT MIN(sequence) FROM ${this.deliveries} WHERE sequence > ${beyond} AND sequence < ?)`;
    const sql =
      `WITH RECURSIVE steps AS (SELECT ${next('?')} AS name, 1 AS step ` +
      `UNION ALL SELECT ${next('steps.name')}, steps.step + 1 FROM steps ` +
      `WHERE steps.name IS NOT NULL AND steps.step < ${Math.trunc(limit)}) SELECT name FROM steps WHERE name IS NOT NULL`;
    return { sql, params: [...params, params.at(-1)] };
  }

  /** One by one, each by index: no database finds a way to do so for a list of them. */
  private headsOf(sequences: readonly string[]): Promise<HeadRow[]> {
    const first =
      `SELECT id, sequence, next_attempt_at FROM ${this.deliveries} ` +
      'WHERE sequence = ? AND next_attempt_at IS NOT NULL ORDER BY event_id LIMIT 1';
    const sql = sequences.map(() => `SELECT * FROM (${first}) p`).join(' UNION ALL ');
    return this.database.read<HeadRow>({ sql, params: sequences });
  }

  /** Where its replays stand, and whether one that brings it what it missed is about to begin; nothing where it is gone. */
  private async replaying(subscriptionId: string): Promise<ReplayingRow | undefined> {
    const running = `FROM ${this.database.table('replay')} r WHERE r.subscription_id = s.id AND r.state = 'running'`;
    const sql =
      `SELECT CASE WHEN s.held_since IS NULL THEN 0 ELSE 1 END AS held, (SELECT MIN(r.reached) ${running}) AS reached ` +
      `FROM ${this.database.table('subscription')} s WHERE s.id = ?`;
    return (await this.database.read<ReplayingRow>({ sql, params: [subscriptionId] }))[0];
  }

  /** Of these events, those that have an earlier one of the same tenant and key that is not fanned out. */
  private async behindOthers(eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const events = this.database.table('event');
    const named: Statement = this.database.among('e.id', eventIds);
    const key = (row: string) => `COALESCE(${row}ordering_key, ${row}subject)`;
    const sql =
      `SELECT e.id AS id FROM (SELECT tenant, ${key('')} AS ordering, MIN(id) AS first FROM ${events} ` +
      `WHERE fan_out_at IS NOT NULL GROUP BY tenant, ${key('')}) w JOIN ${events} e ON ${key('e.')} = w.ordering ` +
      `AND e.id > w.first AND (e.tenant = w.tenant OR (e.tenant IS NULL AND w.tenant IS NULL)) WHERE ${named.sql}`;
    const rows = await this.database.read<{ id: string }>({ sql, params: named.params });
    return new Set(rows.map(({ id }) => id));
  }

  private get deliveries(): string {
    return this.database.table('delivery');
  }
}
