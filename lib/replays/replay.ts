import { MOST_DRIFT_MS } from '../shared/clock';
import { earliestIdentifier, identifier } from '../shared/identifier';
import type { Subscription } from '../subscriptions/subscription';

/**
 * What a replay sends: what has `failed` for good, what is `missing` because the subscription was never owed it, or
 * `all` of it, what was delivered included.
 */
export const REPLAY_CHOICES = ['failed', 'missing', 'all'] as const;
export type ReplayChoice = (typeof REPLAY_CHOICES)[number];

export const REPLAY_STATES = ['running', 'finished', 'canceled'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** How many replays of one subscription may run at once. What is held for it is not counted. */
export const MOST_RUNNING = 10;

/** Past events on their way to one subscription once more, or for the first time. */
export interface Replay {
  /** `rpl_` and 32 hex digits. */
  readonly id: string;
  readonly subscriptionId: string;
  /** Whose subscription it is; null is platform-wide. */
  readonly tenant: string | null;
  /** Whose events it looks at; null is everybody's. Retention leaves these to it. */
  readonly eventsOf: string | null;
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
  /** Since when it has been waiting for its subscription to be on; null while it does not. */
  readonly waitingSince: number | null;
  /** When it came to its end or was canceled; null while it runs. */
  readonly finishedAt: number | null;
  /** Why the system has canceled it; null where it did not. */
  readonly canceledReason: string | null;
}

/** Which past events a subscription is to get. */
export interface NewReplay {
  /** The first moment, in milliseconds since the epoch. */
  readonly from: number;
  /** The last moment; one that is to come is now. @default now */
  readonly to?: number;
  /** Patterns of the topics that count. @default all that the subscription wants */
  readonly topics?: readonly string[];
  /** @default 'failed' */
  readonly only?: ReplayChoice;
}

/**
 * A replay at its beginning. It looks at ids from a little before to a little after, because they sort by the time they
 * were made, by a clock that may have been set back since, or was another process's.
 * @param newestEventId the last event there is; one that goes up to now goes up to it, whatever clock has dated its id
 */
export function newReplay(
  { id: subscriptionId, tenant, acrossTenants }: Pick<Subscription, 'id' | 'tenant' | 'acrossTenants'>,
  { from, to, topics = null, only = 'failed' }: Omit<NewReplay, 'topics'> & { readonly topics?: Replay['topics'] },
  { now, newestEventId }: { readonly now: number; readonly newestEventId: string | undefined },
): Replay {
  const last = to ?? now;
  const end = earliestIdentifier('evt', last + MOST_DRIFT_MS);
  const isOpen = last >= now && newestEventId !== undefined && newestEventId >= end;
  return {
    id: identifier('rpl', now),
    subscriptionId,
    tenant,
    eventsOf: acrossTenants ? null : tenant,
    from,
    to: last,
    topics,
    only,
    state: 'running',
    reached: earliestIdentifier('evt', Math.max(0, from - MOST_DRIFT_MS)),
    until: isOpen ? `${newestEventId}~` : end,
    examined: 0,
    scheduled: 0,
    unavailable: 0,
    createdAt: now,
    waitingSince: null,
    finishedAt: null,
    canceledReason: null,
  };
}
