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
  readonly again: readonly string[];
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
  /** From when on it is to get what it has missed, in milliseconds since the epoch. */
  readonly since: number;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly updatedAt: number;
}

/** Where replays are kept. */
export abstract class ReplaysRepository {
  abstract insert(replay: Replay): Promise<void>;
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
  /** Ends a replay that still runs; answers whether it did. */
  abstract cancel(id: string, now: number): Promise<boolean>;
  /** Some subscriptions that are on, and were off, and have not got yet what they have missed. */
  abstract heldThoughOn(): Promise<HeldSubscription[]>;
  /**
   * Begins the replay that brings a subscription what it has missed, where there is one; nothing is held any more. Does
   * nothing where it was changed since: it may have been off again, and have missed more.
   */
  abstract release(held: HeldSubscription, replay: Replay | null): Promise<void>;
}
