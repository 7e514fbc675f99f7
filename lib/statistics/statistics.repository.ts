import type { Sums } from './sums';

/** The sums of one subscription in one hour. */
export interface HourlySums {
  readonly subscriptionId: string;
  /** When the hour began, in milliseconds since the epoch. */
  readonly hour: number;
  readonly sums: Sums;
}

/** Whose statistics: of one subscription, of all of a tenant's, or with neither of everybody's. */
export interface StatisticsScope {
  readonly tenant?: string;
  readonly subscription?: string;
}

/** What is pending. */
export interface Backlog {
  /** How many deliveries; at least so many where `complete` is false. */
  readonly pending: number;
  /** Whether all of it was counted; where it was not, the times are those of what was. */
  readonly complete: boolean;
  /** When the first of it was due or will be, in milliseconds since the epoch; null where there is none. */
  readonly firstDueAt: number | null;
  /** When the oldest of it was made. */
  readonly oldestAt: number | null;
}

/** Where the sums that statistics are made of are kept. */
export abstract class StatisticsRepository {
  /** Adds to what is there. */
  abstract add(sums: readonly HourlySums[]): Promise<void>;
  /** Sums by hour, the first hour first; hours in which nothing happened are left out. */
  abstract hourly(scope: StatisticsScope, from: number, to: number): Promise<Omit<HourlySums, 'subscriptionId'>[]>;
  /** What is pending, counted by index and no further than it takes long. */
  abstract backlog(scope: StatisticsScope): Promise<Backlog>;
}
