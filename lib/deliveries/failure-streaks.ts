/** Failed attempts in a row. */
export interface FailureStreak {
  readonly failures: number;
  /** When the first of them was counted, in milliseconds since the epoch. */
  readonly since: number;
}

/** Failed attempts of one subscription that a process counts together. */
export interface Failures {
  readonly subscriptionId: string;
  /** When the subscription that the attempts were made for was last changed. */
  readonly updatedAt: number;
  readonly count: number;
  /** The number of the last of them among all failures that this process counts. */
  readonly last: number;
}

/** How endpoints are failing. A change of the subscription ends its streak. */
export abstract class FailureStreaks {
  /**
   * Adds failed attempts to what subscriptions have had in a row, all at once; answers what they have now. Counts nothing
   * twice that is told twice, and nothing that was tried before the subscription was changed.
   */
  abstract add(failures: readonly Failures[], now: number): Promise<ReadonlyMap<string, FailureStreak>>;
  /** Their last attempts succeeded: begins to count anew. */
  abstract end(subscriptionIds: readonly string[]): Promise<void>;
  /** How a subscription has been failing; null where its last attempt succeeded, or none was made. */
  abstract of(subscriptionId: string): Promise<FailureStreak | null>;
}
