import type { Replay } from '../replays/replay';
import {
  ReplaysRepository,
  type HeldSubscription,
  type ReplayQuery,
  type ReplayStep,
} from '../replays/replays.repository';
import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Database, RepeatedStatement, RowColumn } from './database';
import { deliveryRows } from './delivery-rows';
import { REPLAY_COLUMNS, replayOf, replayValues, type ReplayRow } from './replay-rows';
import { integer, type DatabaseInteger } from './rows';
import { readPage } from './selection';

/** How many subscriptions are read in one go. */
const MOST_HELD = 500;

interface HeldRow {
  readonly id: string;
  readonly tenant: string | null;
  readonly across_tenants: DatabaseInteger;
  readonly held_since: DatabaseInteger;
  readonly off_since: DatabaseInteger;
  readonly updated_at: DatabaseInteger;
}

const SEQUENCE_COLUMNS: readonly RowColumn[] = [
  { name: 'id', type: 'text' },
  { name: 'sequence', type: 'text' },
];

const IS_ON = 'enabled = 1 AND suspended_at IS NULL';

export class SqlReplaysRepository extends ReplaysRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async insert(replay: Replay, most: number): Promise<boolean> {
    const running = `SELECT COUNT(*) AS taken FROM ${this.table} WHERE state = 'running' AND subscription_id = ?`;
    const room = { sql: `(SELECT taken FROM (${running}) c) < ?`, params: [replay.subscriptionId, most] };
    const [inserted] = await this.database.commit(this.insertion(replay, room));
    return inserted === 1;
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
      `waiting_since = NULL, state = ?, finished_at = ? WHERE id = ? AND reached = ? AND examined = ? AND state = 'running' AND node = ?`;
    const counts = [examined, missing.length + again.length, unavailable];
    const end = last ? ['finished', now] : ['running', null];
    const mine = {
      sql: `EXISTS (SELECT 1 FROM ${this.table} WHERE id = ? AND examined = ? AND reached = ? AND node = ?)`,
      params: [replay.id, replay.examined + examined, reached, nodeId],
    };
    const [advanced] = await this.database.commit(
      { sql: progress, params: [reached, ...counts, ...end, replay.id, replay.reached, replay.examined, nodeId] },
      ...(missing.length === 0 ? [] : [this.insertions(missing, mine)]),
      ...(again.length === 0 ? [] : this.dueOnceMore(again, now, mine)),
      this.laneCall(replay.subscriptionId),
    );
    return advanced === 1;
  }

  async wait(id: string, since: number | null): Promise<void> {
    const sql = `UPDATE ${this.table} SET waiting_since = ? WHERE id = ? AND state = 'running'`;
    await this.database.commit({ sql, params: [since, id] });
  }

  async cancel(id: string, { now, reason }: { now: number; reason: string | null }): Promise<boolean> {
    const sql =
      `UPDATE ${this.table} SET state = 'canceled', finished_at = ?, canceled_reason = ? ` +
      `WHERE id = ? AND state = 'running'`;
    const [canceled] = await this.database.commit({ sql, params: [now, reason, id] });
    return canceled === 1;
  }

  async heldThoughOn(after: HeldSubscription | undefined): Promise<HeldSubscription[]> {
    const later = after ? 'AND (held_since > ? OR (held_since = ? AND id > ?)) ' : '';
    const sql =
      `SELECT id, tenant, across_tenants, held_since, off_since, updated_at FROM ${this.database.table('subscription')} ` +
      `WHERE held_since IS NOT NULL AND ${IS_ON} ${later}ORDER BY held_since, id LIMIT ${MOST_HELD}`;
    const params = after ? [after.since, after.since, after.id] : [];
    return (await this.database.read<HeldRow>({ sql, params })).map(heldOf);
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
      {
        sql: `UPDATE ${table} SET held_since = NULL, off_since = NULL WHERE ${stillHeld.sql}`,
        params: stillHeld.params,
      },
    );
  }

  private insertion(replay: Replay, condition?: Statement): Statement {
    return this.database.insertNew('replay', { columns: REPLAY_COLUMNS, values: [replayValues(replay)] }, condition);
  }

  private insertions(deliveries: ReplayStep['missing'], condition: Statement): RepeatedStatement {
    return this.database.insertNew('delivery', deliveryRows(deliveries), condition);
  }

  private dueOnceMore(again: ReplayStep['again'], now: number, condition: Statement): RepeatedStatement[] {
    const named = this.database.among(
      'id',
      again.map(({ id }) => id),
    );
    const sql =
      `UPDATE ${this.database.table('delivery')} SET state = 'pending', attempt_count = 0, next_attempt_at = ?, ` +
      `finished_at = NULL WHERE state <> 'pending' AND ${named.sql} AND ${condition.sql}`;
    return [{ sql, params: [now, ...named.params, ...condition.params] }, ...this.sequencing(again)];
  }

  /** What has ended is in no sequence, and comes into it again. */
  private sequencing(again: ReplayStep['again']): RepeatedStatement[] {
    const ordered = again.filter(({ sequence }) => sequence !== null);
    if (ordered.length === 0) return [];
    const rows = { columns: SEQUENCE_COLUMNS, values: ordered.map(({ id, sequence }) => [id, sequence]) };
    return [this.database.update('delivery', rows, `t.state = 'pending'`)];
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

function heldOf({ id, tenant, across_tenants, held_since, off_since, updated_at }: HeldRow): HeldSubscription {
  const times = { since: integer(held_since), offSince: integer(off_since), updatedAt: integer(updated_at) };
  return { id, tenant, acrossTenants: integer(across_tenants) === 1, ...times };
}
