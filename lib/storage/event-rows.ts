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
const TRACE: RowColumn = { name: 'trace', type: 'text' };

/**
 * Events as rows, with traces only where there are any.
 * @param fanOutAt when a sweep takes the event; null where its deliveries are stored with it
 */
export function eventRows(events: readonly NewEvent[], fanOutAt: (event: NewEvent) => number | null): Rows {
  const values = events.map((event) => eventValues(event, fanOutAt(event)));
  if (events.every(({ trace }) => trace === undefined)) return { columns: COLUMNS, values };
  return { columns: [...COLUMNS, TRACE], values: values.map((row, index) => [...row, events[index]!.trace ?? null]) };
}

function eventValues(event: NewEvent, fanOutAt: number | null): Value[] {
  const { id, topic, tenant, subject, payload, idempotencyHash, createdAt } = event;
  return [id, topic, tenant, subject, payload, idempotencyHash, createdAt, fanOutAt];
}

export function eventOf({ id, topic, tenant, subject, payload, created_at, trace }: EventRow): WebhookEvent {
  const event = { id, topic, tenant, subject, payload, createdAt: integer(created_at) };
  return trace === null ? event : { ...event, trace };
}
