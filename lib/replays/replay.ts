/**
 * What a replay sends: what has `failed` for good, what is `missing` because the subscription was never owed it, or
 * `all` of it, what was delivered included.
 */
export const REPLAY_CHOICES = ['failed', 'missing', 'all'] as const;
export type ReplayChoice = (typeof REPLAY_CHOICES)[number];

export const REPLAY_STATES = ['running', 'finished', 'canceled'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** Past events on their way to one subscription once more, or for the first time. */
export interface Replay {
  /** `rpl_` and 32 hex digits. */
  readonly id: string;
  readonly subscriptionId: string;
  /** Whose subscription it is; null is platform-wide. */
  readonly tenant: string | null;
  /** The first and the last moment of the events that count, in milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Patterns of the topics that count; null for all that the subscription wants. */
  readonly topics: readonly string[] | null;
  readonly only: ReplayChoice;
  readonly state: ReplayState;
  /** Where it stands: events are looked at in the order of their ids, and this one was the last. */
  readonly reached: string;
  /** The first id that it does not look at any more. */
  readonly until: string;
  /** How many events it has looked at. */
  readonly examined: number;
  /** How many deliveries it has made due. */
  readonly scheduled: number;
  /** How many it could not make due, because retention has taken the payload of the event. */
  readonly unavailable: number;
  readonly createdAt: number;
  /** When it came to its end or was canceled; null while it runs. */
  readonly finishedAt: number | null;
}
