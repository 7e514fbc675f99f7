import type { Replay } from '../replays/replay';
import {
  ReplaysRepository,
  type HeldSubscription,
  type ReplayQuery,
  type ReplayStep,
} from '../replays/replays.repository';
import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Database, RepeatedStatement } from './database';
import { DELIVERY_COLUMNS, deliveryValues } from './delivery-rows';
import { REPLAY_COLUMNS, replayOf, replayValues, type ReplayRow } from './replay-rows';
import { integer, type DatabaseInteger } from './rows';
import { readPage } from './selection';

interface HeldRow {
  readonly id: string;
  readonly tenant: string | null;
  readonly held_since: DatabaseInteger;
  readonly updated_at: DatabaseInteger;
}

const IS_ON = 'enabled = 1 AND suspended_at IS NULL';

export class SqlReplaysRepository extends ReplaysRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(replay: Replay): Promise<void> {
    await this.database.commit(this.insertion(replay));
  }

  async byId(id: string): Promise<Replay | undefined> {
    return (await this.select('id = ?', [id]))[0];
  }

  list({ tenant, subscription, state, ...page }: ReplayQuery): Promise<Page<Replay>> {
    const conditions = { tenant, subscription_id: subscription, state };
    return readPage<ReplayRow, Replay>(this.database, 'replay', conditions, page, replayOf);
  }

  async claim(nodeId: string): Promise<Replay[]> {
    const living = `SELECT id FROM ${this.database.table('node')}`;
    const sql =
      `UPDATE ${this.table} SET node = ? WHERE state = 'running' AND ` + `(node IS NULL OR node NOT IN (${living}))`;
    await this.database.commit({ sql, params: [nodeId] });
    return this.select(`state = 'running' AND node = ?`, [nodeId]);
  }

  async running(id: string, nodeId: string): Promise<Replay | undefined> {
    return (await this.select(`id = ? AND state = 'running' AND node = ?`, [id, nodeId]))[0];
  }

  async advance(replay: Replay, step: ReplayStep, nodeId: string): Promise<boolean> {
    const { reached, examined, missing, again, unavailable, last, now } = step;
    // First, so that its row is locked for the rest, and the rest happens only where this did.
    const progress =
      `UPDATE ${this.table} SET reached = ?, examined = examined + ?, scheduled = scheduled + ?, unavailable = unavailable + ?, ` +
      `state = ?, finished_at = ? WHERE id = ? AND reached = ? AND examined = ? AND state = 'running' AND node = ?`;
    const counts = [examined, missing.length + again.length, unavailable];
    const end = last ? ['finished', now] : ['running', null];
    const mine = {
      sql: `EXISTS (SELECT 1 FROM ${this.table} WHERE id = ? AND examined = ? AND reached = ? AND node = ?)`,
      params: [replay.id, replay.examined + examined, reached, nodeId],
    };
    const [advanced] = await this.database.commit(
      { sql: progress, params: [reached, ...counts, ...end, replay.id, replay.reached, replay.examined, nodeId] },
      ...(missing.length === 0 ? [] : [this.insertions(missing, mine)]),
      ...(again.length === 0 ? [] : [this.dueOnceMore(again, now, mine)]),
      this.laneCall(replay.subscriptionId),
    );
    return advanced === 1;
  }

  async cancel(id: string, now: number): Promise<boolean> {
    const sql = `UPDATE ${this.table} SET state = 'canceled', finished_at = ? WHERE id = ? AND state = 'running'`;
    const [canceled] = await this.database.commit({ sql, params: [now, id] });
    return canceled === 1;
  }

  async heldThoughOn(): Promise<HeldSubscription[]> {
    const sql =
      `SELECT id, tenant, held_since, updated_at FROM ${this.database.table('subscription')} ` +
      `WHERE held_since IS NOT NULL AND ${IS_ON} LIMIT 500`;
    const rows = await this.database.read<HeldRow>({ sql, params: [] });
    return rows.map(({ held_since, updated_at, ...held }) => ({
      ...held,
      since: integer(held_since),
      updatedAt: integer(updated_at),
    }));
  }

  async release({ id, since, updatedAt }: HeldSubscription, replay: Replay | null): Promise<void> {
    const table = this.database.table('subscription');
    const stillHeld = {
      sql: `id = ? AND held_since = ? AND updated_at = ? AND ${IS_ON}`,
      params: [id, since, updatedAt],
    };
    await this.database.commit(
      // Should two processes do this at once, one finds nothing missing any more.
      ...(replay
        ? [this.insertion(replay, { ...stillHeld, sql: `EXISTS (SELECT 1 FROM ${table} WHERE ${stillHeld.sql})` })]
        : []),
      { sql: `UPDATE ${table} SET held_since = NULL WHERE ${stillHeld.sql}`, params: stillHeld.params },
    );
  }

  private insertion(replay: Replay, condition?: Statement): Statement {
    return this.database.insertNew('replay', { columns: REPLAY_COLUMNS, values: [replayValues(replay)] }, condition);
  }

  private insertions(deliveries: ReplayStep['missing'], condition: Statement): RepeatedStatement {
    const rows = { columns: DELIVERY_COLUMNS, values: deliveries.map(deliveryValues) };
    return this.database.insertNew('delivery', rows, condition);
  }

  private dueOnceMore(ids: readonly string[], now: number, condition: Statement): Statement {
    const named = this.database.among('id', ids);
    const sql =
      `UPDATE ${this.database.table('delivery')} SET state = 'pending', attempt_count = 0, next_attempt_at = ?, ` +
      `finished_at = NULL WHERE state <> 'pending' AND ${named.sql} AND ${condition.sql}`;
    return { sql, params: [now, ...named.params, ...condition.params] };
  }

  private laneCall(subscriptionId: string): Statement {
    // Written even where it calls already: who answers that call now has to wait until there is something to see.
    const sql = `UPDATE ${this.database.table('lane')} SET calling = CASE WHEN calling = 0 THEN 1 ELSE calling END WHERE subscription_id = ?`;
    return { sql, params: [subscriptionId] };
  }

  private async select(condition: string, params: readonly unknown[]): Promise<Replay[]> {
    const sql = `SELECT * FROM ${this.table} WHERE ${condition}`;
    return (await this.database.read<ReplayRow>({ sql, params })).map(replayOf);
  }

  private get table(): string {
    return this.database.table('replay');
  }
}
