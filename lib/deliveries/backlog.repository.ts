/** What is waiting, of all tenants and in all processes. */
export interface Backlog {
  /** How many deliveries are pending; not counted further than {@link MOST_COUNTED}. */
  readonly pending: number;
  /**
   * When the first delivery was or will be due whose subscription takes any, or the first event had to be fanned out;
   * null where nothing waits.
   */
  readonly firstDueAt: number | null;
  /** How many subscriptions are suspended. */
  readonly suspended: number;
}

export const MOST_COUNTED = 10_000;

/** Where it is seen what waits; made for questions that are asked every few seconds, however much there is. */
export abstract class BacklogRepository {
  abstract read(): Promise<Backlog>;
  /** Rejects where the database cannot be reached. */
  abstract ping(): Promise<void>;
}
