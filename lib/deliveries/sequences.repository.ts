/** The delivery of a sequence that goes next. */
export interface Head {
  readonly id: string;
  /** Whether it still waits for one that was before it. */
  readonly waits: boolean;
}

/**
 * Who goes next where deliveries go in order. Only the owner of a lane makes deliveries wait and lets them go, so that
 * nobody can wait for one that has just ended.
 */
export abstract class SequencesRepository {
  /**
   * Of these events, those that earlier ones of the same key may yet come before: ones that are not fanned out, or that a
   * replay has still to look at. To be asked before {@link heads}: what has come in between is among those.
   */
  abstract awaiting(subscriptionId: string, eventIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The first pending delivery of each of these sequences that has any, in the order of the events' ids. */
  abstract heads(sequences: readonly string[]): Promise<ReadonlyMap<string, Head>>;
  /** Makes these deliveries wait until they are let go. */
  abstract hold(deliveryIds: readonly string[]): Promise<void>;
  /** Makes those of these deliveries due that wait. */
  abstract letGo(deliveryIds: readonly string[], now: number): Promise<void>;
  /** Makes deliveries of the subscription due that wait, whatever for, at most `limit`; answers how many. */
  abstract letAnyGo(subscriptionId: string, now: number, limit: number): Promise<number>;
  /** The subscription's sequences that have pending deliveries, in the order of their names, at most `limit`. */
  abstract names(subscriptionId: string, after: string | undefined, limit: number): Promise<string[]>;
}
