import type { WebhookEvent } from '../events/event';
import {
  EventsRepository,
  type EventQuery,
  type EventSummary,
  type NewEvent,
  type StoredEvent,
} from '../events/events.repository';
import type { Page } from '../shared/page';
import type { PortableStatement, Statement } from '../shared/statement';
import { namesOf, placeholders, type Database, type Rows } from './database';
import { eventOf, eventRows, orderingKeyOf, type EventRow } from './event-rows';
import { integer, type DatabaseInteger } from './rows';
import { readSiftedPage } from './sifted-page';

type EventSummaryRow = Omit<EventRow, 'payload' | 'trace'> & { readonly sendable: DatabaseInteger };

export class SqlEventsRepository extends EventsRepository {
  constructor(
    private readonly database: Database,
    /** How old an event is when the sweep takes it, unless somebody fanned it out before. */
    private readonly sweepAfterMs: number,
  ) {
    super();
  }

  async insert(events: readonly NewEvent[]): Promise<StoredEvent[]> {
    const [inserted] = await this.database.commit(this.database.insertNew('event', this.rowsOf(events)));
    // Without a key, whatever stood there before is this very event: its first insertion was answered by an error.
    const keyed = events.some(({ idempotencyHash }) => idempotencyHash !== null);
    if (inserted === events.length || !keyed) return events.map(({ id }) => ({ id, duplicate: false }));
    const first = await this.idsByIdempotency(events);
    return events.map(({ id, idempotencyHash }) => {
      const stored = first.get(idempotencyHash) ?? id;
      return { id: stored, duplicate: stored !== id };
    });
  }

  insertion(event: NewEvent): PortableStatement {
    const rows = this.rowsOf([event]);
    if (event.idempotencyHash !== null) return this.portable(this.database.insertNew('event', rows));
    const target = `${this.database.table('event')} (${namesOf(rows.columns).join(', ')})`;
    const [params] = rows.values;
    return this.portable({ sql: `INSERT INTO ${target} VALUES (${placeholders(params!)})`, params: params! });
  }

  selectionByIdempotency(hash: string): PortableStatement {
    const sql = `SELECT id FROM ${this.database.table('event')} WHERE idempotency_hash = ?${this.database.currentRead}`;
    return this.portable({ sql, params: [hash] });
  }

  async byIds(ids: readonly string[]): Promise<WebhookEvent[]> {
    const { sql, params } = this.database.among('id', ids);
    return this.select(sql, params);
  }

  async notFannedOut(ids: readonly string[]): Promise<WebhookEvent[]> {
    const { sql, params } = this.database.among('id', ids);
    return this.select(`${sql} AND fan_out_at IS NOT NULL`, params);
  }

  async overdue(now: number, incredibleAt: number, limit: number): Promise<WebhookEvent[]> {
    const condition = `(fan_out_at <= ? OR fan_out_at > ?) ORDER BY fan_out_at LIMIT ${limit}`;
    return this.select(condition, [now, incredibleAt]);
  }

  async between(after: string, before: string, limit: number, tenant?: string): Promise<EventSummary[]> {
    const owner = tenant === undefined ? '' : 'tenant = ? AND ';
    const sql =
      `SELECT id, topic, tenant, subject, ordering_key, created_at, CASE WHEN payload = '' THEN 0 ELSE 1 END AS sendable FROM ${this.database.table('event')} ` +
      `WHERE ${owner}id > ? AND id < ? ORDER BY id LIMIT ${Math.trunc(limit)}`;
    const params = [...(tenant === undefined ? [] : [tenant]), after, before];
    const rows = await this.database.read<EventSummaryRow>({ sql, params });
    return rows.map(({ id, topic, tenant: owner, created_at, sendable, ...keys }) => ({
      ...{ id, topic, tenant: owner, orderingKey: orderingKeyOf(keys), createdAt: integer(created_at) },
      sendable: integer(sendable) === 1,
    }));
  }

  list({ tenant, topic, subject, ...page }: EventQuery): Promise<Page<WebhookEvent>> {
    const search = { ...page, table: 'event', prefix: 'evt', indexed: { tenant }, sifted: { topic, subject } };
    return readSiftedPage<EventRow, WebhookEvent>(this.database, search, eventOf);
  }

  async postpone(ids: readonly string[], until: number): Promise<void> {
    const { sql, params } = this.database.among('id', ids);
    const update = `UPDATE ${this.database.table('event')} SET fan_out_at = ? WHERE fan_out_at IS NOT NULL AND ${sql}`;
    await this.database.commit({ sql: update, params: [until, ...params] });
  }

  private async select(condition: string, params: readonly unknown[]): Promise<WebhookEvent[]> {
    const sql = `SELECT id, topic, tenant, subject, payload, created_at, trace, version, ordering_key FROM ${this.database.table('event')}`;
    return (await this.database.read<EventRow>({ sql: `${sql} WHERE ${condition}`, params })).map(eventOf);
  }

  private async idsByIdempotency(events: readonly NewEvent[]): Promise<Map<string | null, string>> {
    const hashes = events.map(({ idempotencyHash }) => idempotencyHash).filter((hash) => hash !== null);
    const { sql, params } = this.database.among('idempotency_hash', hashes);
    const selection = `SELECT id, idempotency_hash AS hash FROM ${this.database.table('event')} WHERE ${sql}`;
    const rows = await this.database.read<{ id: string; hash: string }>({ sql: selection, params });
    return new Map(rows.map(({ id, hash }) => [hash, id]));
  }

  private portable(statement: Statement): PortableStatement {
    return { ...statement, nativeSql: this.database.native(statement) };
  }

  private rowsOf(events: readonly NewEvent[]): Rows {
    return eventRows(events, ({ createdAt }) => createdAt + this.sweepAfterMs);
  }
}
