import { resultOf, type Attempt } from '../deliveries/attempt';
import type { Delivery, DeliveryState, DueDelivery } from '../deliveries/delivery';
import type { Outcome } from '../deliveries/outcome';
import { WAITS_ITS_TURN } from '../deliveries/sequence';
import type { RowColumn, Rows, Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

const text = (name: string): RowColumn => ({ name, type: 'text' });
const number = (name: string): RowColumn => ({ name, type: 'integer' });

const SEQUENCE = text('sequence');

const DELIVERY_COLUMNS: readonly RowColumn[] = [
  ...['id', 'event_id', 'subscription_id', 'tenant', 'topic', 'state'].map(text),
  ...['attempt_count', 'next_attempt_at', 'created_at', 'finished_at'].map(number),
];

/** What an outcome changes of a delivery. */
const OUTCOME_COLUMNS: readonly RowColumn[] = [
  ...['id', 'state'].map(text),
  ...['attempt_count', 'next_attempt_at', 'finished_at'].map(number),
  text('last_result'),
];

export const ATTEMPT_COLUMNS: readonly RowColumn[] = [
  ...['delivery_id', 'id'].map(text),
  ...['number', 'started_at', 'duration_ms', 'succeeded', 'status'].map(number),
  ...['failure', 'detail', 'response_body'].map(text),
];

export interface DueDeliveryRow {
  readonly id: string;
  readonly event_id: string;
  readonly subscription_id: string;
  readonly attempt_count: DatabaseInteger;
  readonly next_attempt_at: DatabaseInteger;
  readonly sequence: string | null;
}

export interface DeliveryRow extends Omit<DueDeliveryRow, 'next_attempt_at'> {
  readonly tenant: string | null;
  readonly topic: string;
  readonly state: DeliveryState;
  readonly next_attempt_at: DatabaseInteger | null;
  readonly created_at: DatabaseInteger;
  readonly finished_at: DatabaseInteger | null;
  readonly last_result: string | null;
}

export interface AttemptRow {
  readonly delivery_id: string;
  readonly id: string;
  readonly number: DatabaseInteger | null;
  readonly started_at: DatabaseInteger;
  readonly duration_ms: DatabaseInteger;
  readonly succeeded: DatabaseInteger;
  readonly status: DatabaseInteger | null;
  readonly failure: Attempt['failure'];
  readonly detail: string | null;
  readonly response_body: string | null;
}

export function dueDeliveryOf(row: DueDeliveryRow): DueDelivery {
  return {
    id: row.id,
    eventId: row.event_id,
    subscriptionId: row.subscription_id,
    attemptCount: integer(row.attempt_count),
    dueAt: integer(row.next_attempt_at),
    sequence: row.sequence,
  };
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    eventId: row.event_id,
    subscriptionId: row.subscription_id,
    tenant: row.tenant,
    topic: row.topic,
    state: row.state,
    attemptCount: integer(row.attempt_count),
    nextAttemptAt: dueTime(row.next_attempt_at),
    createdAt: integer(row.created_at),
    finishedAt: integerOrNull(row.finished_at),
    lastResult: row.last_result,
    sequence: row.sequence,
  };
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    number: integerOrNull(row.number),
    startedAt: integer(row.started_at),
    durationMs: integer(row.duration_ms),
    succeeded: integer(row.succeeded) === 1,
    status: integerOrNull(row.status),
    failure: row.failure,
    detail: row.detail,
    responseBody: row.response_body,
  };
}

/** When something is due; null where it waits for others and so is not due at any known time. */
export function dueTime(value: DatabaseInteger | null): number | null {
  const time = integerOrNull(value);
  return time === WAITS_ITS_TURN ? null : time;
}

/** Deliveries as rows, with their sequences only where there are any. */
export function deliveryRows(deliveries: readonly Delivery[]): Rows {
  const values = deliveries.map(deliveryValues);
  if (deliveries.every(({ sequence }) => sequence === null)) return { columns: DELIVERY_COLUMNS, values };
  const columns = [...DELIVERY_COLUMNS, SEQUENCE];
  return { columns, values: values.map((row, index) => [...row, deliveries[index]!.sequence]) };
}

function deliveryValues(delivery: Delivery): Value[] {
  const { id, eventId, subscriptionId, tenant, topic, state } = delivery;
  const { attemptCount, nextAttemptAt, createdAt, finishedAt } = delivery;
  return [id, eventId, subscriptionId, tenant, topic, state, attemptCount, nextAttemptAt, createdAt, finishedAt];
}

/** What outcomes change: those that end a delivery take it out of its sequence besides. */
export function outcomeRows(outcomes: readonly Outcome[]): Rows[] {
  const isEnd = ({ delivery, state }: Outcome) => delivery.sequence !== null && state !== 'pending';
  const ends = outcomes.filter(isEnd);
  if (ends.length === 0) return [{ columns: OUTCOME_COLUMNS, values: outcomes.map(outcomeValues) }];
  const others = outcomes.filter((outcome) => !isEnd(outcome));
  return [
    ...(others.length === 0 ? [] : outcomeRows(others)),
    { columns: [...OUTCOME_COLUMNS, SEQUENCE], values: ends.map((outcome) => [...outcomeValues(outcome), null]) },
  ];
}

function outcomeValues({ delivery, state, attempt, nextAttemptAt, decidedAt }: Outcome): Value[] {
  const attemptCount = attempt?.number ?? delivery.attemptCount;
  const finishedAt = state === 'pending' ? null : decidedAt;
  return [delivery.id, state, attemptCount, nextAttemptAt, finishedAt, attempt && resultOf(attempt)];
}

export function attemptValues(attempt: Attempt): Value[] {
  const { deliveryId, id, number, startedAt, durationMs, succeeded, status, failure, detail, responseBody } = attempt;
  const texts = [failure, printable(detail), printable(responseBody)];
  return [deliveryId, id, number, startedAt, durationMs, succeeded ? 1 : 0, status, ...texts];
}

/** Postgres cannot store NUL, and what cannot be recorded would be attempted again without end. */
function printable(text: string | null): string | null {
  return text?.replaceAll('\0', '\uFFFD') ?? null;
}
