import type { Cutoffs, Perishable } from './retention-limits';

/** How many rows of what kind went, or lost their bodies. */
export interface PruneCounts {
  readonly deliveries: number;
  readonly attempts: number;
  readonly events: number;
  readonly replays: number;
  /** Sums of a subscription's hour. */
  readonly statistics: number;
  /** Attempts that lost the answer's body. */
  readonly answers: number;
  /** Events that lost their payload. */
  readonly payloads: number;
}

export const NOTHING_PRUNED: PruneCounts = {
  ...{ deliveries: 0, attempts: 0, events: 0, replays: 0, statistics: 0, answers: 0, payloads: 0 },
};

/** A round of retention that came to its end. */
export interface PruneReport {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly counts: PruneCounts;
}

/** What is done at the same time. */
export type Round = 'rows' | 'bodies';

/** Some rows that follow each other. */
export interface Examined {
  /** Which of them may go. */
  readonly perished: readonly string[];
  /** The last of them; null where there are no more. */
  readonly last: string | null;
}

/** Takes away what has been kept for long enough. Every call is one short transaction, or only reads. */
export abstract class RetentionRepository {
  /** Takes the next turn, unless somebody has taken it or been at it since `since`. Answers whether it did. */
  abstract claim(round: Round, now: number, since: number): Promise<boolean>;
  /** Says that it is still being done. */
  abstract goOn(round: Round, now: number): Promise<void>;
  abstract report(round: Round, report: PruneReport): Promise<void>;
  /** What the last turn of each round came to. */
  abstract lastReports(): Promise<Partial<Record<Round, PruneReport>>>;
  /** Looks at the next rows after one id and before another, and no further. */
  abstract examine(kind: Perishable, after: string, before: string, cutoffs: Cutoffs): Promise<Examined>;
  /** Takes those of these away that may still go. Pending deliveries and their events never may. */
  abstract take(kind: Perishable, ids: readonly string[], cutoffs: Cutoffs): Promise<Partial<PruneCounts>>;
  /** How many sums of hours before this one there are. */
  abstract countStatistics(before: number): Promise<number>;
  /**
   * From when on it is certain what was delivered, in milliseconds since the epoch; null where nothing is. What was over
   * before may have been taken away, by limits that only the host knows.
   */
  abstract knownSince(): Promise<number | null>;
  /** Takes away sums of hours before this one, at most `limit`; answers how many. */
  abstract takeStatistics(before: number, limit: number): Promise<number>;
}
