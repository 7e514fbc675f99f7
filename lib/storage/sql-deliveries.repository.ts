import type { Attempt } from '../deliveries/attempt';
import {
  DeliveriesRepository,
  type DeliveryQuery,
  type FanOutBatch,
  type LaneContent,
} from '../deliveries/deliveries.repository';
import type { Delivery, DueDelivery } from '../deliveries/delivery';
import type { Outcome } from '../deliveries/outcome';
import type { Page } from '../shared/page';
import type { Statement } from '../shared/statement';
import type { Database, RowColumn, Value } from './database';
import {
  attemptOf,
  deliveryOf,
  dueDeliveryOf,
  type AttemptRow,
  type DeliveryRow,
  type DueDeliveryRow,
} from './delivery-rows';
import { readPage } from './selection';

const text = (name: string): RowColumn => ({ name, type: 'text' });
const integer = (name: string): RowColumn => ({ name, type: 'integer' });
const names = (columns: readonly RowColumn[]) => columns.map(({ name }) => name);

const DELIVERY: readonly RowColumn[] = [
  ...['id', 'event_id', 'subscription_id', 'tenant', 'topic', 'state'].map(text),
  ...['attempt_count', 'next_attempt_at', 'created_at', 'finished_at'].map(integer),
];
const OUTCOME: readonly RowColumn[] = [
  ...['id', 'state'].map(text),
  ...['attempt_count', 'next_attempt_at', 'finished_at'].map(integer),
];
const ATTEMPT: readonly RowColumn[] = [
  ...['delivery_id', 'id'].map(text),
  ...['number', 'started_at', 'duration_ms', 'succeeded', 'status'].map(integer),
  ...['failure', 'detail', 'response_body'].map(text),
];

export class SqlDeliveriesRepository extends DeliveriesRepository {
  constructor(private readonly database: Database) {
    super();
  }

  async fanOut({ eventIds, deliveries, lanesToWake }: FanOutBatch): Promise<ReadonlySet<string>> {
    const statements = [...this.insertions(deliveries), ...this.eventUpdates(eventIds), ...this.laneCalls(lanesToWake)];
    if (statements.length === 0) return new Set();
    const [inserted] = await this.database.commitTogether(...statements);
    const ids = deliveries.map(({ id }) => id);
    return ids.length === 0 || inserted === ids.length ? new Set(ids) : this.existing(ids);
  }

  async record(outcomes: readonly Outcome[]): Promise<void> {
    const attempts = outcomes.map(({ attempt }) => attempt).filter((attempt) => attempt !== null);
    const update = this.database.updateFrom(
      'delivery',
      names(OUTCOME).slice(1),
      this.database.rows(OUTCOME, outcomes.map(outcomeValues)),
      // Whoever else attempted it meanwhile may have finished it.
      `t.state = 'pending'`,
    );
    await this.database.commitTogether(...this.attemptInsertions(attempts), update);
  }

  async laneContent(subscriptionId: string, now: number, limit: number): Promise<LaneContent> {
    const sql =
      `SELECT id, event_id, subscription_id, attempt_count, next_attempt_at FROM ${this.database.table('delivery')} ` +
      `WHERE subscription_id = ? AND next_attempt_at IS NOT NULL ORDER BY next_attempt_at, id LIMIT ${limit + 1}`;
    const rows = await this.database.read<DueDeliveryRow>({ sql, params: [subscriptionId] });
    const pending = rows.map(dueDeliveryOf);
    const due = pending.filter(({ dueAt }) => dueAt <= now);
    const later: DueDelivery | undefined = pending[due.length];
    return { due: due.slice(0, limit), nextDueAt: later?.dueAt ?? null, more: due.length > limit };
  }

  async byId(id: string): Promise<Delivery | undefined> {
    const sql = `SELECT * FROM ${this.database.table('delivery')} WHERE id = ?`;
    return (await this.database.read<DeliveryRow>({ sql, params: [id] })).map(deliveryOf)[0];
  }

  async attemptsOf(deliveryId: string): Promise<Attempt[]> {
    const sql = `SELECT * FROM ${this.database.table('attempt')} WHERE delivery_id = ? ORDER BY id`;
    return (await this.database.read<AttemptRow>({ sql, params: [deliveryId] })).map(attemptOf);
  }

  list({ tenant, subscription, event, state, topic, ...page }: DeliveryQuery): Promise<Page<Delivery>> {
    const conditions = { tenant, subscription_id: subscription, event_id: event, state, topic };
    return readPage<DeliveryRow, Delivery>(this.database, 'delivery', conditions, page, deliveryOf);
  }

  private insertions(deliveries: readonly Delivery[]): Statement[] {
    if (deliveries.length === 0) return [];
    const source = this.database.rows(DELIVERY, deliveries.map(deliveryValues));
    return [this.database.insertNew('delivery', names(DELIVERY), source)];
  }

  private eventUpdates(ids: readonly string[]): Statement[] {
    if (ids.length === 0) return [];
    const named = this.database.among('id', ids);
    const sql = `UPDATE ${this.database.table('event')} SET fan_out_at = NULL WHERE ${named.sql}`;
    return [{ sql, params: named.params }];
  }

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

  private attemptInsertions(attempts: readonly Attempt[]): Statement[] {
    if (attempts.length === 0) return [];
    const source = this.database.rows(ATTEMPT, attempts.map(attemptValues));
    return [this.database.insertNew('attempt', names(ATTEMPT), source)];
  }

  private async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const { sql, params } = this.database.among('id', ids);
    const selection = { sql: `SELECT id FROM ${this.database.table('delivery')} WHERE ${sql}`, params };
    return new Set((await this.database.read<{ id: string }>(selection)).map(({ id }) => id));
  }
}

function deliveryValues(delivery: Delivery): Value[] {
  const { id, eventId, subscriptionId, tenant, topic, state } = delivery;
  const { attemptCount, nextAttemptAt, createdAt, finishedAt } = delivery;
  return [id, eventId, subscriptionId, tenant, topic, state, attemptCount, nextAttemptAt, createdAt, finishedAt];
}

function outcomeValues({ delivery, state, attempt, nextAttemptAt, decidedAt }: Outcome): Value[] {
  const attemptCount = attempt?.number ?? delivery.attemptCount;
  return [delivery.id, state, attemptCount, nextAttemptAt, state === 'pending' ? null : decidedAt];
}

function attemptValues(attempt: Attempt): Value[] {
  const { deliveryId, id, number, startedAt, durationMs, succeeded, status, failure, detail, responseBody } = attempt;
  return [deliveryId, id, number, startedAt, durationMs, succeeded ? 1 : 0, status, failure, detail, responseBody];
}
