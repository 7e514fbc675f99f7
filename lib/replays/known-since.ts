const HOUR_MS = 3_600_000;

/** How long deliveries are kept, in milliseconds: by them it is known what was delivered. */
export interface DeliveryMemory {
  readonly deliveredMs: number;
  readonly failedMs: number;
}

/**
 * From when on the deliveries that there are say what was never owed. The retention that runs until a replay does must not
 * have taken what it goes by.
 * @param memory null for ever
 */
export function knownSince(now: number, memory: DeliveryMemory | null): number {
  return memory ? now - Math.min(memory.deliveredMs, memory.failedMs) + HOUR_MS : 0;
}
