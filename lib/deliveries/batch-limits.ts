import { hasPayload, type WebhookEvent } from '../events/event';
import type { Batching } from '../subscriptions/batching';

/** How many bytes of payloads travel together; a payload that is larger travels alone. */
export const BATCH_BYTES = 1024 * 1024;

/** By how much batches shrink with every attempt. */
const SHRINKING = 10;

/**
 * How many deliveries that have failed so often may travel together: fewer each time, so that what spoils a batch is
 * found, and does not use up the attempts of all that travel with it.
 */
export function batchSize({ maxEvents }: Pick<Batching, 'maxEvents'>, failedAttempts: number): number {
  return Math.max(1, Math.floor(maxEvents / SHRINKING ** failedAttempts));
}

/** The same, where the schedule is known: what has its last attempt before it travels alone. */
export function batchSizeWithin(batching: Batching | undefined, failedAttempts: number, attempts: number): number {
  const isLast = failedAttempts > 0 && failedAttempts + 1 >= attempts;
  return batching === undefined || isLast ? 1 : batchSize(batching, failedAttempts);
}

/** What an event adds to the bytes of a batch. */
export function weightOf(event: WebhookEvent | undefined): number {
  return event && hasPayload(event) ? Buffer.byteLength(event.payload) : 0;
}
