import type { Attempt } from '../deliveries/attempt';
import type { Delivery, DeliveryState, DueDelivery } from '../deliveries/delivery';
import { integer, integerOrNull, type DatabaseInteger } from './rows';

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
}

export interface AttemptRow {
  readonly delivery_id: string;
  readonly id: string;
  readonly number: DatabaseInteger;
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
  };
}

export function attemptOf(row: AttemptRow): Attempt {
  return {
    id: row.id,
    deliveryId: row.delivery_id,
    number: integer(row.number),
    startedAt: integer(row.started_at),
    durationMs: integer(row.duration_ms),
    succeeded: integer(row.succeeded) === 1,
    status: integerOrNull(row.status),
    failure: row.failure,
    detail: row.detail,
    responseBody: row.response_body,
  };
}
