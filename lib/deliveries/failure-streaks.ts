/** Failed attempts in a row. */
export interface FailureStreak {
  readonly failures: number;
  /** When the first of them was counted, in milliseconds since the epoch. */
  readonly since: number;
}

/** How endpoints are failing. A change of the subscription ends its streak. */
export abstract class FailureStreaks {
  /**
   * Adds failed attempts to what subscriptions have had in a row, all at once; answers what they have now.
   * @param counts how many more, by the subscription's id
   */
  abstract add(counts: ReadonlyMap<string, number>, now: number): Promise<ReadonlyMap<string, FailureStreak>>;
  /** Their last attempts succeeded: begins to count anew. */
  abstract end(subscriptionIds: readonly string[]): Promise<void>;
  /** How a subscription has been failing; null where its last attempt succeeded, or none was made. */
  abstract of(subscriptionId: string): Promise<FailureStreak | null>;
}
