/** What a node learns each time it renews its lease. */
export interface Heartbeat {
  /** False where the lease had run out and others may have taken the lanes. */
  readonly renewed: boolean;
  /** How many other nodes are alive. */
  readonly peers: number;
  /** Whether a node's lease has run out. */
  readonly expiredNodes: boolean;
  /** When the next lease of another node runs out, in milliseconds from now; null where there is none. */
  readonly nextExpiryMs: number | null;
  /** Whether a free lane or one of this node's waits to be looked at. */
  readonly lanesCalling: boolean;
  /** Whether a replay runs on no living node, or a subscription that is on again has not got what it missed. */
  readonly replaysWaiting: boolean;
  /** The current revision of all subscriptions. */
  readonly revision: number;
  /** When the first event must be swept up, in milliseconds since the epoch; null where there is none. */
  readonly nextSweepAt: number | null;
  /** When the last of them must. */
  readonly lastSweepAt: number | null;
}

/** A lane that was called. */
export interface AnsweredCall {
  readonly id: string;
  /** Whether its subscription has changed, or only the table holds something for it. */
  readonly changed: boolean;
}

/** Which processes there are, and what they own. */
export interface LaneSurvey {
  readonly lanes: number;
  /** How many of them no process owns; they have nothing to do, or are taken at the next heartbeat. */
  readonly free: number;
  /** How many wait to be looked at. */
  readonly calling: number;
  readonly nodes: readonly {
    readonly id: string;
    readonly lanes: number;
    /** How long its lease still runs, in milliseconds; negative where it has run out. */
    readonly leaseMs: number;
  }[];
}

/**
 * Who owns which lane. Leases run on the database's clock, so that the clocks of the nodes may differ or jump.
 */
export abstract class LanesRepository {
  /** Enters a node with a lease that runs from now on. */
  abstract register(nodeId: string, leaseMs: number): Promise<void>;
  /** Renews the lease unless it has run out, and looks around, in as few statements as the database allows. */
  abstract beat(nodeId: string, leaseMs: number): Promise<Heartbeat>;
  /** Removes nodes whose lease has run out, and frees every lane whose owner is not there. */
  abstract evictExpired(): Promise<void>;
  /** Gives those of these lanes to the node that are free; answers which it got. */
  abstract claim(nodeId: string, subscriptionIds: readonly string[]): Promise<string[]>;
  /** Gives free lanes that call to the node, at most `limit`; answers which it got. */
  abstract claimCalling(nodeId: string, limit: number): Promise<string[]>;
  /** All lanes of the node. */
  abstract lanesOf(nodeId: string): Promise<string[]>;
  /** Has the owners of these lanes look at them, and makes them claimable where they have none. */
  abstract call(subscriptionIds: readonly string[]): Promise<void>;
  /** The lanes of this node that were called, at most `limit`; the calls are cleared. */
  abstract answerCalls(nodeId: string, limit: number): Promise<AnsweredCall[]>;
  /** Frees lanes of the node that have nothing to do, and forgets those whose subscription is gone. */
  abstract giveBack(nodeId: string, subscriptionIds: readonly string[]): Promise<void>;
  /** Removes the node and frees its lanes, for others to look at. */
  abstract release(nodeId: string): Promise<void>;
  /** Looks at all of it, for people; counts every lane. */
  abstract survey(): Promise<LaneSurvey>;
}
