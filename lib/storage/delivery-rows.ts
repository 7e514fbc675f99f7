import { resultOf, type Attempt } from '../deliveries/attempt';
import type { Delivery, DeliveryState, DueDelivery } from '../deliveries/delivery';
import type { Outcome } from '../deliveries/outcome';
import type { RowColumn, Value } from './database';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

const text = (name: string): RowColumn => ({ name, type: 'text' });
const number = (name: string): RowColumn => ({ name, type: 'integer' });

export const DELIVERY_COLUMNS: readonly RowColumn[] = [
  ...['id', 'event_id', 'subscription_id', 'tenant', 'topic', 'state'].map(text),
  ...['attempt_count', 'next_attempt_at', 'created_at', 'finished_at'].map(number),
];

/** What an outcome changes of a delivery. */
export const OUTCOME_COLUMNS: readonly RowColumn[] = [
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
    nextAttemptAt: integerOrNull(row.next_attempt_at),
    createdAt: integer(row.created_at),
    finishedAt: integerOrNull(row.finished_at),
    lastResult: row.last_result,
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

export function deliveryValues(delivery: Delivery): Value[] {
  const { id, eventId, subscriptionId, tenant, topic, state } = delivery;
  const { attemptCount, nextAttemptAt, createdAt, finishedAt } = delivery;
  return [id, eventId, subscriptionId, tenant, topic, state, attemptCount, nextAttemptAt, createdAt, finishedAt];
}

export function outcomeValues({ delivery, state, attempt, nextAttemptAt, decidedAt }: Outcome): Value[] {
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
