import type { Attempt } from '../deliveries/attempt';
import {
  DeliveriesRepository,
  MOST_ATTEMPTS,
  type DeliveryQuery,
  type FanOutBatch,
  type LaneContent,
  type OwedBefore,
  type Publication,
  type StoredDeliveries,
} from '../deliveries/deliveries.repository';
import type { Delivery, DueDelivery } from '../deliveries/delivery';
import type { Outcome } from '../deliveries/outcome';
import { WAITS_ITS_TURN } from '../deliveries/sequence';
import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Database, RepeatedStatement } from './database';
import {
  ATTEMPT_COLUMNS,
  attemptOf,
  attemptValues,
  deliveryOf,
  deliveryRows,
  dueDeliveryOf,
  outcomeRows,
  type AttemptRow,
  type DeliveryRow,
  type DueDeliveryRow,
} from './delivery-rows';
import { dueAgain, resendUpdates } from './deliveries-by-hand';
import { eventRows } from './event-rows';
import { integer, type DatabaseInteger } from './rows';
import { deliverySearch } from './delivery-search';
import { readSiftedPage } from './sifted-page';

export class SqlDeliveriesRepository extends DeliveriesRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async publish({ events, deliveries, lanesToWake, revision }: Publication): Promise<StoredDeliveries | undefined> {
    const unchanged = this.unchangedSince(revision);
    const rows = eventRows(events, () => null);
    const affected = await this.database.commitTogether(
      this.database.insertNew('event', rows, unchanged),
      ...this.insertions(deliveries, unchanged),
      ...this.laneCalls(lanesToWake),
    );
    const [stored, owed] = affected;
    if (stored !== events.length || (deliveries.length > 0 && owed !== deliveries.length)) return undefined;
    return { ids: new Set(deliveries.map(({ id }) => id)), calledAll: hasCalledAll(lanesToWake, affected) };
  }

  async fanOut({ eventIds, deliveries, lanesToWake }: FanOutBatch): Promise<StoredDeliveries> {
    const statements = [...this.insertions(deliveries), ...this.eventUpdates(eventIds), ...this.laneCalls(lanesToWake)];
    if (statements.length === 0) return { ids: new Set(), calledAll: true };
    const affected = await this.database.commitTogether(...statements);
    const ids = deliveries.map(({ id }) => id);
    const areNew = ids.length === 0 || affected[0] === ids.length;
    return { ids: areNew ? new Set(ids) : await this.existing(ids), calledAll: hasCalledAll(lanesToWake, affected) };
  }

  async record(outcomes: readonly Outcome[]): Promise<void> {
    const attempts = outcomes.map(({ attempt }) => attempt).filter((attempt) => attempt !== null);
    // Whoever else attempted it meanwhile may have finished it.
    const updates = outcomeRows(outcomes).map((rows) => this.database.update('delivery', rows, `t.state = 'pending'`));
    await this.database.commitTogether(...this.attemptInsertions(attempts), ...updates);
  }

  async recordResend(delivery: Delivery, attempt: Attempt, now: number): Promise<void> {
    const { id } = delivery;
    // Retention may have taken the delivery meanwhile, and nothing would ever take an attempt without one.
    const stillThere = { sql: `EXISTS (SELECT 1 FROM ${this.database.table('delivery')} WHERE id = ?)`, params: [id] };
    const updates = resendUpdates(this.database, delivery, attempt, now);
    await this.database.commit(...this.attemptInsertions([attempt], stillThere), ...updates);
  }

  async makeDue(delivery: Pick<Delivery, 'id' | 'subscriptionId'>, now: number): Promise<boolean> {
    const [found] = await this.database.commit(...dueAgain(this.database, delivery, now));
    return found === 1;
  }

  async laneContent(subscriptionId: string, now: number, limit: number): Promise<LaneContent> {
    const sql =
      `SELECT id, event_id, subscription_id, attempt_count, next_attempt_at, sequence FROM ${this.database.table('delivery')} ` +
      `WHERE subscription_id = ? AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at, id LIMIT ${limit + 1}`;
    const rows = await this.database.read<DueDeliveryRow>({ sql, params: [subscriptionId] });
    const pending = rows.map(dueDeliveryOf);
    // A first attempt is due at once, though a clock that was ahead may have written a later time.
    const isDue = ({ dueAt, attemptCount }: DueDelivery) =>
      dueAt <= now || (attemptCount === 0 && dueAt !== WAITS_ITS_TURN);
    const due = pending.filter(isDue);
    const laterAt = pending.find((delivery) => !isDue(delivery))?.dueAt ?? null;
    const othersWait = laterAt === WAITS_ITS_TURN;
    return { due: due.slice(0, limit), nextDueAt: othersWait ? null : laterAt, more: due.length > limit, othersWait };
  }

  async countPending(subscriptionId: string, most: number): Promise<number> {
    const pending =
      `SELECT 1 FROM ${this.database.table('delivery')} WHERE subscription_id = ? AND next_attempt_at IS NOT NULL ` +
      `LIMIT ${Math.trunc(most)}`;
    const sql = `SELECT COUNT(*) AS pending FROM (${pending}) p`;
    const [row] = await this.database.read<{ pending: DatabaseInteger }>({ sql, params: [subscriptionId] });
    return integer(row!.pending);
  }

  async ofEvents(subscriptionId: string, eventIds: readonly string[]): Promise<ReadonlyMap<string, OwedBefore>> {
    if (eventIds.length === 0) return new Map();
    const named = this.database.among('event_id', eventIds);
    const sql = `SELECT id, event_id, state FROM ${this.database.table('delivery')} WHERE ${named.sql} AND subscription_id = ?`;
    const rows = await this.database.read<DeliveryRow>({ sql, params: [...named.params, subscriptionId] });
    return new Map(rows.map(({ id, event_id, state }) => [event_id, { id, state }]));
  }

  async byId(id: string): Promise<Delivery | undefined> {
    const sql = `SELECT * FROM ${this.database.table('delivery')} WHERE id = ?`;
    return (await this.database.read<DeliveryRow>({ sql, params: [id] })).map(deliveryOf)[0];
  }

  async attemptsOf(deliveryId: string): Promise<Attempt[]> {
    const newest = `WHERE delivery_id = ? ORDER BY id DESC LIMIT ${MOST_ATTEMPTS}`;
    const sql = `SELECT * FROM ${this.database.table('attempt')} ${newest}`;
    return (await this.database.read<AttemptRow>({ sql, params: [deliveryId] })).map(attemptOf).reverse();
  }

  async list(query: DeliveryQuery): Promise<Page<Delivery>> {
    if (!(await this.isWithin(query))) return { data: [], nextCursor: null };
    return readSiftedPage<DeliveryRow, Delivery>(this.database, deliverySearch(this.database, query), deliveryOf);
  }

  /** Whether the subscription is the tenant's: all of its deliveries are, or none, and nobody need look at them all. */
  private async isWithin({ tenant, subscription }: DeliveryQuery): Promise<boolean> {
    if (tenant === undefined || subscription === undefined) return true;
    const table = this.database.table('delivery');
    const sql = `SELECT tenant FROM ${table} WHERE subscription_id = ? ORDER BY id DESC LIMIT 1`;
    const [any] = await this.database.read<{ tenant: string | null }>({ sql, params: [subscription] });
    return any?.tenant === tenant;
  }

  private insertions(deliveries: readonly Delivery[], condition?: Statement): RepeatedStatement[] {
    if (deliveries.length === 0) return [];
    return [this.database.insertNew('delivery', deliveryRows(deliveries), condition)];
  }

  private unchangedSince(revision: number): Statement {
    // Locked where statements of one transaction may see different snapshots, so that all of them judge alike.
    const present = `SELECT value FROM ${this.database.table('revision')} WHERE id = 'subscriptions'${this.database.currentRead}`;
    return { sql: `(${present}) = ?`, params: [revision] };
  }

  private eventUpdates(ids: readonly string[]): Statement[] {
    if (ids.length === 0) return [];
    const named = this.database.among('id', ids);
    const sql = `UPDATE ${this.database.table('event')} SET fan_out_at = NULL WHERE ${named.sql}`;
    return [{ sql, params: named.params }];
  }

  /** Leaves lanes alone that are calling: all who publish to one would wait for each other. */
  private laneCalls(ids: readonly string[]): Statement[] {
    if (ids.length === 0) return [];
    const named = this.database.among('subscription_id', ids);
    return [
      {
        sql: `UPDATE ${this.database.table('lane')} SET calling = 1 WHERE calling = 0 AND ${named.sql}`,
        params: named.params,
      },
    ];
  }

  private attemptInsertions(attempts: readonly Attempt[], condition?: Statement): RepeatedStatement[] {
    if (attempts.length === 0) return [];
    const rows = { columns: ATTEMPT_COLUMNS, values: attempts.map(attemptValues) };
    return [this.database.insertNew('attempt', rows, condition)];
  }

  private async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { sql, params } = this.database.among('id', ids);
    const selection = { sql: `SELECT id FROM ${this.database.table('delivery')} WHERE ${sql}`, params };
    return new Set((await this.database.read<{ id: string }>(selection)).map(({ id }) => id));
  }
}

/** The calls come last of what was written together. */
function hasCalledAll(lanes: readonly string[], affected: readonly number[]): boolean {
  return lanes.length === 0 || affected.at(-1) === lanes.length;
}
