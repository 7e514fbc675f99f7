import type { FieldObjection } from './subscription-errors';

/** How a subscription wants several events in one request. */
export interface Batching {
  /** How many events one request carries at the most, 2 to 1,000. */
  readonly maxEvents: number;
  /** How long an event may wait for others, in milliseconds, 0 to 60,000; 0 sends what there is. @default 1_000 */
  readonly maxWaitMs?: number;
}

export const BATCHING_LIMITS = { maxEvents: { least: 2, most: 1_000 }, maxWaitMs: { least: 0, most: 60_000 } } as const;

export const USUAL_WAIT_MS = 1_000;

const MEMBERS = ['maxEvents', 'maxWaitMs'];

/** What a wish for batches has to be, in words. */
export const BATCHING_DESCRIPTION =
  'an object with maxEvents (a whole number from 2 to 1000) and, where one second is not what is wanted, maxWaitMs ' +
  '(a whole number from 0 to 60000)';

/** Whether a value is a wish for batches. */
export function isBatching(value: unknown): value is Batching {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!Object.keys(value).every((member) => MEMBERS.includes(member))) return false;
  const { maxEvents, maxWaitMs = USUAL_WAIT_MS } = value as Partial<Batching>;
  return within(maxEvents, BATCHING_LIMITS.maxEvents) && within(maxWaitMs, BATCHING_LIMITS.maxWaitMs);
}

/** What is wrong with the batches that are asked for. */
export function objectionsToBatching({ batch }: { readonly batch?: unknown }): FieldObjection[] {
  if (batch === undefined || isBatching(batch)) return [];
  return [{ field: 'batch', message: `batch must be ${BATCHING_DESCRIPTION}`, rule: 'batch' }];
}

function within(value: unknown, { least, most }: { readonly least: number; readonly most: number }): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
