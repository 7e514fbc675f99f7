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
/** What few events have. */
const RARE: readonly (readonly [RowColumn, (event: NewEvent) => Value])[] = [
  [{ name: 'trace', type: 'text' }, ({ trace }) => trace ?? null],
  [{ name: 'ordering_key', type: 'text' }, orderingKeyValue],
];

/**
 * Events as rows, with traces and ordering keys only where there are any.
 * @param fanOutAt when a sweep takes the event; null where its deliveries are stored with it
 */
export function eventRows(events: readonly NewEvent[], fanOutAt: (event: NewEvent) => number | null): Rows {
  const values = events.map((event) => eventValues(event, fanOutAt(event)));
  const given = RARE.filter(([, valueOf]) => events.some((event) => valueOf(event) !== null));
  if (given.length === 0) return { columns: COLUMNS, values };
  return {
    columns: [...COLUMNS, ...given.map(([column]) => column)],
    values: values.map((row, index) => [...row, ...given.map(([, valueOf]) => valueOf(events[index]!))]),
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

function orderingKeyValue({ orderingKey, subject }: NewEvent): Value {
  return orderingKey === (subject ?? undefined) ? null : (orderingKey ?? '');
}

function eventValues(event: NewEvent, fanOutAt: number | null): Value[] {
  const { id, topic, tenant, subject, payload, idempotencyHash, createdAt } = event;
  return [id, topic, tenant, subject, payload, idempotencyHash, createdAt, fanOutAt];
}

export function eventOf(row: EventRow): WebhookEvent {
  const { id, topic, tenant, subject, payload, created_at, trace } = row;
  const event = {
    id,
    topic,
    tenant,
    subject,
    payload,
    createdAt: integer(created_at),
    orderingKey: orderingKeyOf(row),
  };
  return trace === null ? event : { ...event, trace };
}
