import type { Delivery } from '../deliveries/delivery';
import type { Page, PageRequest } from '../shared/page';
import type { Replay, ReplayState } from './replay';

/** Which replays are wanted. `tenant` undefined means everybody's. */
export interface ReplayQuery extends PageRequest {
  readonly tenant?: string;
  readonly subscription?: string;
  readonly state?: ReplayState;
}

/** What a replay does in one go. */
export interface ReplayStep {
  /** The last event that was looked at. */
  readonly reached: string;
  readonly examined: number;
  /** Deliveries of events that the subscription was not owed before. */
  readonly missing: readonly Delivery[];
  /** Deliveries that are due once more. */
  readonly again: readonly Pick<Delivery, 'id' | 'sequence'>[];
  /** How many it would have made due if retention had not taken their payloads. */
  readonly unavailable: number;
  /** Whether there is nothing left to look at. */
  readonly last: boolean;
  readonly now: number;
}

/** A subscription that is on again after it was off. */
export interface HeldSubscription {
  readonly id: string;
  readonly tenant: string | null;
  readonly acrossTenants: boolean;
  /** From when on it is to get what it has missed, in milliseconds since the epoch: some time before it was off. */
  readonly since: number;
  /** When it was turned off, in milliseconds since the epoch. */
  readonly offSince: number;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Where replays are kept. */
export abstract class ReplaysRepository {
  /** Answers false, and stores nothing, where the subscription has `most` already that run. */
  abstract insert(replay: Replay, most: number): Promise<boolean>;
  abstract byId(id: string): Promise<Replay | undefined>;
  abstract list(query: ReplayQuery): Promise<Page<Replay>>;
  /** Gives every running replay to the node that no living node has; answers all that it has now. */
  abstract claim(nodeId: string): Promise<Replay[]>;
  /** A replay that runs, where this node has it. */
  abstract running(id: string, nodeId: string): Promise<Replay | undefined>;
  /**
   * Takes a step and everything that follows from it, all or nothing, unless the replay has got on or ended meanwhile, or
   * another node has it. Answers whether it did.
   */
  abstract advance(replay: Replay, step: ReplayStep, nodeId: string): Promise<boolean>;
  /** Says since when a replay has been waiting for its subscription to be on; null where it does not any more. */
  abstract wait(id: string, since: number | null): Promise<void>;
  /** Ends a replay that still runs; answers whether it did. The reason is null where somebody has asked for it. */
  abstract cancel(id: string, end: { readonly now: number; readonly reason: string | null }): Promise<boolean>;
  /**
   * The next of the subscriptions that are on, and were off, and have not got yet what they have missed: first those that
   * have waited for it the longest. None after the last.
   */
  abstract heldThoughOn(after: HeldSubscription | undefined): Promise<HeldSubscription[]>;
  /**
   * Begins the replay that brings a subscription what it has missed, where there is one; nothing is held any more. Does
   * nothing where it was changed since: it may have been off again, and have missed more.
   */
  abstract release(held: HeldSubscription, replay: Replay | null): Promise<void>;
}
