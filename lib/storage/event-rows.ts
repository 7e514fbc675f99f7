import type { WebhookEvent } from '../events/event';
import type { NewEvent } from '../events/events.repository';
import type { RowColumn, Rows, Value } from './database';
import { integer, type DatabaseInteger } from './rows';

export interface EventRow {
  readonly id: string;
  readonly topic: string;
  readonly tenant: string | null;
  readonly subject: string | null;
  readonly payload: string;
  readonly created_at: DatabaseInteger;
  readonly trace: string | null;
  readonly version: DatabaseInteger | null;
  /** Null where it is the subject, '' where there is none. */
  readonly ordering_key: string | null;
}

const COLUMNS: readonly RowColumn[] = [
  { name: 'id', type: 'text' },
  { name: 'topic', type: 'text' },
  { name: 'tenant', type: 'text' },
  { name: 'subject', type: 'text' },
  { name: 'payload', type: 'text' },
  { name: 'idempotency_hash', type: 'text' },
  { name: 'created_at', type: 'integer' },
  { name: 'fan_out_at', type: 'integer' },
];
/** Columns that few hosts need, and that are named only where there is something to put there. */
const SELDOM: readonly (RowColumn & { readonly of: (event: NewEvent) => Value | undefined })[] = [
  { name: 'trace', type: 'text', of: ({ trace }) => trace },
  { name: 'ordering_key', type: 'text', of: orderingKeyValue },
  { name: 'version', type: 'integer', of: ({ version }) => version },
];

/**
 * Events as rows.
 * @param fanOutAt when a sweep takes the event; null where its deliveries are stored with it
 */
export function eventRows(events: readonly NewEvent[], fanOutAt: (event: NewEvent) => number | null): Rows {
  const values = events.map((event) => eventValues(event, fanOutAt(event)));
  const seldom = SELDOM.filter(({ of }) => events.some((event) => of(event) !== undefined));
  if (seldom.length === 0) return { columns: COLUMNS, values };
  const seldomOf = (event: NewEvent) => seldom.map(({ of }) => of(event) ?? null);
  return {
    columns: [...COLUMNS, ...seldom],
    values: values.map((row, index) => [...row, ...seldomOf(events[index]!)]),
  };
}

/** The key that an event's row says it has. */
export function orderingKeyOf({
  subject,
  ordering_key,
}: Pick<EventRow, 'subject' | 'ordering_key'>): string | undefined {
  const key = ordering_key ?? subject;
  return key === null || key === '' ? undefined : key;
}

function orderingKeyValue({ orderingKey, subject }: NewEvent): Value | undefined {
  return orderingKey === (subject ?? undefined) ? undefined : (orderingKey ?? '');
}

function eventValues(event: NewEvent, fanOutAt: number | null): Value[] {
  const { id, topic, tenant, subject, payload, idempotencyHash, createdAt } = event;
  return [id, topic, tenant, subject, payload, idempotencyHash, createdAt, fanOutAt];
}

export function eventOf(row: EventRow): WebhookEvent {
  const { id, topic, tenant, subject, payload, created_at, trace, version } = row;
  return {
    ...{ id, topic, tenant, subject, payload, createdAt: integer(created_at), orderingKey: orderingKeyOf(row) },
    ...(trace !== null && { trace }),
    ...(version !== null && { version: integer(version) }),
  };
}
